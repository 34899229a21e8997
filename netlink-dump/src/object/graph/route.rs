//! How wires run that are in no tree: along the axes, around what stands in their way.
//!
//! The picture is covered with a grid, on which each wire takes the cheapest way that is left: corners
//! cost, crossing another wire costs more, and lying on one most.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use super::layout::{Point, Rect};

/// Between two lines of the grid.
const STEP: f64 = 8.0;
/// How far wires stay away from nodes they do not belong to.
const AWAY: f64 = 5.0;
/// How far from the corner of its node a wire may end.
const CORNER: f64 = 10.0;

// What a way costs, beside 1 for each step.
const TURN: u32 = 5;
const CROSS: u32 = 6;
const COVER: u32 = 30;
const TEXT: u32 = 12;
/// For each step away from the middle of a node's side.
const ASIDE: u32 = 1;

/// More steps than these are not looked at for one picture: it would take seconds.
const PATIENCE: usize = 20_000_000;

/// The grid, and what lies on it.
pub(super) struct Grid {
    width: usize,
    height: usize,
    /// Of each point, whether it is free, and what it costs to cross it or to lie on it.
    points: Vec<Place>,
    patience: usize,
}

#[derive(Clone, Copy, Default)]
struct Place {
    is_blocked: bool,
    has_text: bool,
    /// Wires that run along each axis.
    wires: [bool; 2],
}

/// An axis: x or y.
const ALONG_X: usize = 0;
const ALONG_Y: usize = 1;

/// A place that was reached, and at which cost.
#[derive(PartialEq, Eq)]
struct Reached {
    cost: u32,
    /// The cost, and what the rest costs at least.
    total: u32,
    at: usize,
    axis: usize,
}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.total, self.at, self.axis).cmp(&(other.total, other.at, other.axis))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Grid {
    /// Covers a picture of this size and a margin around it.
    pub(super) fn new(size: Point) -> Self {
        let [width, height] = [size.0, size.1].map(|len| (len / STEP).ceil() as usize + 3);
        let points = vec![Place::default(); width * height];
        Self { width, height, points, patience: PATIENCE }
    }

    /// No wire runs over this.
    pub(super) fn block(&mut self, rect: Rect) {
        self.each_within(rect, AWAY, |place| place.is_blocked = true);
    }

    /// There is text: wires rather go around it.
    pub(super) fn write(&mut self, rect: Rect) {
        self.each_within(rect, 0.0, |place| place.has_text = true);
    }

    /// A wire runs here already.
    pub(super) fn lay(&mut self, points: &[Point]) {
        for ends in points.windows(2) {
            let [(x, y), (to_x, to_y)] = [ends[0], ends[1]];
            let axis = if (x - to_x).abs() > (y - to_y).abs() { ALONG_X } else { ALONG_Y };
            let rect =
                Rect { x: x.min(to_x), y: y.min(to_y), w: (x - to_x).abs(), h: (y - to_y).abs() };
            self.each_within(rect, STEP / 2.0, |place| place.wires[axis] = true);
        }
    }

    /// The way from one node to another, if there is one; from then on it is taken.
    pub(super) fn connect(&mut self, from: Rect, to: Rect) -> Option<Vec<Point>> {
        let path = self.search(from, to)?;
        let mut points: Vec<Point> = path.iter().map(|&at| self.point(at)).collect();
        let (first, last) = (*points.first()?, *points.last()?);
        points.insert(0, (first.0, nearest_side(from, first.1)));
        points.push((last.0, nearest_side(to, last.1)));
        // Corners alone.
        let is_straight =
            |a: Point, b: Point, c: Point| (a.0 == b.0 && b.0 == c.0) || (a.1 == b.1 && b.1 == c.1);
        let mut corners: Vec<Point> = Vec::new();
        for point in points {
            if let [.., a, b] = corners[..] {
                if is_straight(a, b, point) {
                    corners.pop();
                }
            }
            corners.push(point);
        }
        self.lay(&corners);
        Some(corners)
    }

    fn search(&mut self, from: Rect, to: Rect) -> Option<Vec<usize>> {
        let goals = self.doors(to);
        let mut best = vec![[u32::MAX; 2]; self.points.len()];
        let mut before = vec![[usize::MAX; 2]; self.points.len()];
        let mut queue = BinaryHeap::new();
        for (at, aside) in self.doors(from) {
            best[at][ALONG_Y] = aside;
            queue.push(Reverse(Reached { cost: aside, total: aside, at, axis: ALONG_Y }));
        }
        let rest = |grid: &Self, at: usize| {
            let (x, y) = grid.point(at);
            let dx = (to.x - x).max(x - to.x - to.w).max(0.0);
            let dy = (to.y - y).max(y - to.y - to.h).max(0.0);
            ((dx + dy) / STEP) as u32
        };
        // The end of a way costs, too: it is a place of its own beyond all others.
        let mut found: Option<(u32, usize)> = None;
        while let Some(Reverse(Reached { cost, total, at, axis })) = queue.pop() {
            if found.is_some_and(|(least, _)| least <= total) {
                break;
            }
            self.patience = self.patience.checked_sub(1)?;
            if best[at][axis] < cost {
                continue;
            }
            if axis == ALONG_Y {
                if let Some(&(_, aside)) = goals.iter().find(|(goal, _)| *goal == at) {
                    if found.is_none_or(|(least, _)| cost + aside < least) {
                        found = Some((cost + aside, at));
                    }
                }
            }
            for (next, along) in self.around(at) {
                let place = self.points[next];
                if place.is_blocked && goals.iter().all(|(goal, _)| *goal != next) {
                    continue;
                }
                let mut next_cost = cost + 1;
                next_cost += if along == axis { 0 } else { TURN };
                next_cost += if place.has_text { TEXT } else { 0 };
                next_cost += if place.wires[along] { COVER } else { 0 };
                next_cost += if place.wires[1 - along] { CROSS } else { 0 };
                if next_cost < best[next][along] {
                    best[next][along] = next_cost;
                    before[next][along] = 2 * at + axis;
                    let total = next_cost + rest(self, next);
                    queue.push(Reverse(Reached { cost: next_cost, total, at: next, axis: along }));
                }
            }
        }
        let (mut at, mut axis) = (found?.1, ALONG_Y);
        let mut path = vec![at];
        while before[at][axis] != usize::MAX {
            let step = before[at][axis];
            (at, axis) = (step / 2, step % 2);
            path.push(at);
        }
        path.reverse();
        Some(path)
    }

    /// Points beside a node, above and below, where its wires may start; and how far aside each is.
    fn doors(&self, rect: Rect) -> Vec<(usize, u32)> {
        let mut doors = Vec::new();
        let middle = rect.x + rect.w / 2.0;
        let above = ((rect.y - 1.0) / STEP).floor() * STEP;
        let below = ((rect.y + rect.h + 1.0) / STEP).ceil() * STEP;
        let first = ((rect.x + CORNER) / STEP).ceil() as usize;
        let last = ((rect.x + rect.w - CORNER) / STEP).floor() as usize;
        for column in first..=last.max(first) {
            let x = column as f64 * STEP;
            for y in [above, below] {
                if let Some(at) = self.at((x, y)) {
                    let aside = ((x - middle).abs() / STEP) as u32 * ASIDE;
                    let taken = if self.points[at].wires[ALONG_Y] { COVER } else { 0 };
                    doors.push((at, aside + taken));
                }
            }
        }
        doors
    }

    /// The points next to one, and along which axis.
    fn around(&self, at: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (width, x, y) = (self.width, at % self.width, at / self.width);
        let (right, down) = (x + 1 < width, y + 1 < self.height);
        [
            (x > 0).then(|| (at - 1, ALONG_X)),
            right.then_some((at + 1, ALONG_X)),
            (y > 0).then(|| (at - width, ALONG_Y)),
            down.then_some((at + width, ALONG_Y)),
        ]
        .into_iter()
        .flatten()
    }

    fn point(&self, at: usize) -> Point {
        // A margin of one step is on the left and above.
        ((at % self.width) as f64 * STEP - STEP, (at / self.width) as f64 * STEP - STEP)
    }

    fn at(&self, (x, y): Point) -> Option<usize> {
        let [column, row] = [x, y].map(|value| (value / STEP).round() + 1.0);
        let is_inside =
            (0.0..self.width as f64).contains(&column) && (0.0..self.height as f64).contains(&row);
        is_inside.then_some(row as usize * self.width + column as usize)
    }

    fn each_within(&mut self, rect: Rect, margin: f64, mut f: impl FnMut(&mut Place)) {
        let range = |start: f64, len: f64, all: usize| {
            let first = ((start - margin) / STEP).ceil() + 1.0;
            let last = ((start + len + margin) / STEP).floor() + 1.0;
            (first.max(0.0) as usize)..(last.max(-1.0) + 1.0).min(all as f64) as usize
        };
        for row in range(rect.y, rect.h, self.height) {
            for column in range(rect.x, rect.w, self.width) {
                if let Some(place) = self.points.get_mut(row * self.width + column) {
                    f(place);
                }
            }
        }
    }
}

/// The upper or lower side of a node, whichever is nearer.
fn nearest_side(rect: Rect, y: f64) -> f64 {
    if y < rect.y + rect.h / 2.0 { rect.y } else { rect.y + rect.h }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: Rect = Rect { x: 0.0, y: 0.0, w: 100.0, h: 40.0 };

    #[test]
    fn wires_go_around_nodes() {
        let mut grid = Grid::new((400.0, 400.0));
        let [below, between] = [300.0, 150.0].map(|y| Rect { y, ..NODE });
        [NODE, below, between].into_iter().for_each(|node| grid.block(node));
        let first = grid.connect(NODE, below).unwrap();
        let is_beside =
            |&(x, y): &Point| !(0.0..100.0).contains(&x) || !(150.0..190.0).contains(&y);
        assert!(first.iter().all(is_beside), "{first:?}");
        assert_eq!([first[0].1, first[first.len() - 1].1], [40.0, 300.0]);
        assert!(first.len() >= 6, "it turns: {first:?}");
        // The next one does not lie on it.
        let second = grid.connect(NODE, below).unwrap();
        assert_ne!(first, second);
    }

    #[test]
    fn straight_down_if_nothing_is_in_the_way() {
        let mut grid = Grid::new((400.0, 400.0));
        let below = Rect { y: 200.0, ..NODE };
        assert_eq!(grid.connect(NODE, below).unwrap().len(), 2);
    }

    #[test]
    fn no_way_out() {
        let mut grid = Grid::new((400.0, 400.0));
        grid.block(Rect { x: -50.0, y: 100.0, w: 900.0, h: 40.0 });
        assert_eq!(grid.connect(NODE, Rect { y: 200.0, ..NODE }), None);
    }
}

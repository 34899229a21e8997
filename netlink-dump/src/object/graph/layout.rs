//! Where everything stands.
//!
//! Links that are connected make a tree: the one with most connections is on top, what it is
//! connected to below it, in rows that are wrapped before they get too wide, and so on down. Wires
//! along the tree run between the rows as in a chart of an organisation. Another namespace hangs, with
//! a frame around it, from the link that leads to it. The few connections that are not in a tree go
//! around what stands in their way, or are curves if there is no way.

use std::{cmp::Reverse, collections::VecDeque};

use super::{
    machine::{Edge, Machine, Node, What},
    route::Grid,
};

/// A point: x and y.
pub(super) type Point = (f64, f64);

/// A rectangle, by its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Rect {
    fn bottom(&self) -> f64 {
        self.y + self.h
    }

    fn center(&self) -> Point {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }
}

/// How an edge runs, from its first node to its second.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wire {
    /// Straight from point to point, along the axes.
    Bus(Vec<Point>),
    /// A Bézier curve.
    Curve([Point; 4]),
}

/// The places of all.
pub(super) struct Layout {
    /// Of each node.
    pub(super) nodes: Vec<Rect>,
    /// Of namespaces, those that others are inside of first.
    pub(super) frames: Vec<(usize, Rect)>,
    /// Of each edge.
    pub(super) wires: Vec<Wire>,
    pub(super) size: Point,
}

/// Between two nodes of a row.
const BESIDE: f64 = 16.0;
/// Between two rows: wires of four kinds run here.
const BETWEEN: f64 = 48.0;
/// How far above a row its wires run, and how far apart those of two kinds do.
const ABOVE: f64 = 24.0;
const LANE: f64 = 6.0;
/// Left of rows that were wrapped: wires go up to the first row here.
const TRUNK: f64 = 30.0;
/// A row is wrapped before it gets wider.
const WIDEST: f64 = 1400.0;
/// Around what is in a frame.
const PADDING: f64 = 18.0;
/// Between two trees, and two frames.
const APART: f64 = 28.0;

/// Finds a place for nodes of these sizes. `titles` are the sizes of what stands above frames, by
/// namespace.
pub(super) fn place(machine: &Machine, sizes: &[Point], titles: &[Point]) -> Layout {
    let forest = Forest::of(machine, sizes, titles);
    // Namespaces that nothing leads to stand beside the first one, which needs no frame.
    let alone: Vec<Tree> = (0..machine.namespaces.len())
        .filter(|&namespace| forest.entries[namespace].is_none())
        .map(|namespace| forest.namespace(namespace, namespace > 0))
        .collect();
    let (all, size) = shelve(&alone);
    let mut nodes = vec![Rect::default(); machine.nodes.len()];
    all.nodes.iter().for_each(|&(node, rect)| nodes[node] = rect);
    let mut grid = Grid::new(size);
    nodes.iter().for_each(|&node| grid.block(node));
    for &(namespace, frame) in &all.frames {
        let (w, h) = titles[namespace];
        grid.write(Rect { w, h, ..frame });
    }
    all.wires.iter().for_each(|(_, points)| grid.lay(points));
    let mut wires = vec![None; machine.edges.len()];
    all.wires.into_iter().for_each(|(edge, points)| wires[edge] = Some(points));
    let wires = machine.edges.iter().zip(wires).enumerate().map(|(at, (edge, wire))| {
        let [from, to] = [edge.from, edge.to].map(|node| nodes[node]);
        let wire = wire.or_else(|| grid.connect(from, to));
        wire.map_or_else(|| curve(from, to, at), Wire::Bus)
    });
    let wires = wires.collect();
    Layout { nodes, frames: all.frames, wires, size }
}

/// The links as trees.
struct Forest<'a> {
    machine: &'a Machine,
    sizes: &'a [Point],
    titles: &'a [Point],
    /// Of each namespace.
    roots: Vec<Vec<usize>>,
    /// What each node is connected to, and by which edge.
    near: Vec<Vec<(usize, usize)>>,
    /// What hangs from each node, and by which edge.
    below: Vec<Vec<(usize, usize)>>,
    /// The node by which a namespace hangs from one of another namespace.
    entries: Vec<Option<usize>>,
}

impl<'a> Forest<'a> {
    fn of(machine: &'a Machine, sizes: &'a [Point], titles: &'a [Point]) -> Self {
        let mut near: Vec<Vec<(usize, usize)>> = vec![Vec::new(); machine.nodes.len()];
        for (at, &Edge { from, to, .. }) in machine.edges.iter().enumerate() {
            near[from].push((to, at));
            near[to].push((from, at));
        }
        for near in &mut near {
            near.sort_by_key(|&(other, edge)| (machine.edges[edge].what, other));
        }
        let namespaces = machine.namespaces.len();
        let mut forest = Self {
            machine,
            sizes,
            titles,
            near: near.clone(),
            roots: vec![Vec::new(); namespaces],
            below: vec![Vec::new(); near.len()],
            entries: vec![None; namespaces],
        };
        let mut members = vec![Vec::new(); namespaces];
        for (at, node) in machine.nodes.iter().enumerate() {
            members[node.namespace].push(at);
        }
        let mut reached = vec![false; namespaces];
        for first in 0..namespaces {
            if reached[first] {
                continue;
            }
            reached[first] = true;
            let mut queue = VecDeque::from([first]);
            while let Some(namespace) = queue.pop_front() {
                forest.span(namespace, &near, &members[namespace]);
                for &node in &members[namespace] {
                    for &(other, edge) in &near[node] {
                        let beyond = machine.nodes[other].namespace;
                        if !reached[beyond] {
                            reached[beyond] = true;
                            forest.entries[beyond] = Some(other);
                            forest.below[node].push((other, edge));
                            queue.push_back(beyond);
                        }
                    }
                }
            }
        }
        forest
    }

    /// Makes trees of the links of one namespace.
    fn span(&mut self, namespace: usize, near: &[Vec<(usize, usize)>], members: &[usize]) {
        let nodes = &self.machine.nodes;
        // Those with most connections first; of equals the one that more hangs from by nature.
        let mut order = members.to_vec();
        order.sort_by_key(|&node| {
            let is_entry = self.entries[namespace] == Some(node);
            (!is_entry, Reverse(near[node].len()), precedence(&nodes[node]), node)
        });
        let mut seen: Vec<bool> = nodes.iter().map(|node| node.namespace != namespace).collect();
        for root in order {
            if seen[root] {
                continue;
            }
            seen[root] = true;
            self.roots[namespace].push(root);
            // Nearest first, so that no branch is longer than it must be.
            let mut queue = VecDeque::from([root]);
            while let Some(node) = queue.pop_front() {
                for &(other, edge) in &near[node] {
                    if !seen[other] {
                        seen[other] = true;
                        self.below[node].push((other, edge));
                        queue.push_back(other);
                    }
                }
            }
        }
    }

    /// Places the links of a namespace, and those that hang from them.
    fn namespace(&self, namespace: usize, has_frame: bool) -> Tree {
        let mut trees: Vec<Tree> =
            self.roots[namespace].iter().map(|&root| self.tree(root)).collect();
        // What is alone comes last; the first is where the namespace itself hangs.
        let first = usize::from(self.entries[namespace].is_some());
        if let Some(rest) = trees.get_mut(first..) {
            rest.sort_by_key(|tree| tree.nodes.len() == 1);
        }
        let (inside, (w, h)) = shelve(&trees);
        if !has_frame {
            return inside;
        }
        let title = self.titles[namespace];
        let (dx, dy) = (PADDING, PADDING + title.1);
        let frame = Rect { w: w.max(title.0) + 2.0 * dx, h: h + dy + PADDING, ..Rect::default() };
        let hangs = trees.first().map_or((0.0, 0.0), |tree| tree.hangs);
        let mut tree = Tree {
            w: frame.w,
            h: frame.h,
            hangs: (hangs.0 + dx, hangs.1 + dy),
            frames: vec![(namespace, frame)],
            ..Tree::default()
        };
        tree.add(&inside, (dx, dy));
        tree
    }

    /// Places a node and all that hangs from it.
    fn tree(&self, root: usize) -> Tree {
        let (w, h) = self.sizes[root];
        let home = self.machine.nodes[root].namespace;
        let branch = |&(node, edge): &(usize, usize)| {
            let namespace = self.machine.nodes[node].namespace;
            match namespace == home {
                true => (self.tree(node), edge),
                false => (self.namespace(namespace, true), edge),
            }
        };
        let branches: Vec<(Tree, usize)> = self.below[root].iter().map(branch).collect();
        // The small ones share rows; what much hangs from comes below them. Beside the one that a
        // namespace hangs from stand others that lead there.
        let toward = |node: usize| {
            let namespace = |&(other, _): &(usize, usize)| self.machine.nodes[other].namespace;
            self.near[node].iter().map(namespace).find(|&namespace| namespace != home)
        };
        let of = |(_, edge): &(Tree, usize)| {
            let Edge { from, to, .. } = self.machine.edges[*edge];
            if from == root { to } else { from }
        };
        let groups: Vec<_> = branches.iter().map(|branch| toward(of(branch))).collect();
        let largest = |group: Option<usize>| {
            let members = branches.iter().zip(&groups).filter(|(_, of)| **of == group);
            members.map(|((tree, _), _)| tree.nodes.len()).max().unwrap_or_default()
        };
        let keys = branches.iter().zip(&groups).map(|((tree, _), &group)| match group {
            Some(_) => (largest(group), group, Reverse(tree.nodes.len())),
            None => (tree.nodes.len(), None, Reverse(0)),
        });
        let keys: Vec<_> = keys.collect();
        let mut order: Vec<(_, (Tree, usize))> = keys.into_iter().zip(branches).collect();
        order.sort_by_key(|(key, _)| *key);
        let branches: Vec<(Tree, usize)> = order.into_iter().map(|(_, branch)| branch).collect();
        let rows = wrap(&branches);
        let trunk = if rows.len() > 1 { TRUNK } else { 0.0 };
        let width_of = |row: &[(Tree, usize)]| {
            row.iter().map(|(tree, _)| tree.w + BESIDE).sum::<f64>() - BESIDE
        };
        let widest = rows.iter().map(|row| width_of(row)).fold(0.0, f64::max);
        let width = (widest + trunk).max(w);
        let left = (width - w) / 2.0;
        let mut tree = Tree {
            w: width,
            h,
            hangs: (width / 2.0, 0.0),
            nodes: vec![(root, Rect { x: left, y: 0.0, w, h })],
            ..Tree::default()
        };
        for (number, row) in rows.iter().enumerate() {
            let top = tree.h + BETWEEN;
            // A row of its own is centered, those that were wrapped are flush.
            let mut x = if trunk > 0.0 { trunk } else { (width - width_of(row)) / 2.0 };
            for (branch, edge) in *row {
                let Edge { from, what, .. } = self.machine.edges[*edge];
                let lane = LANE * (what as usize as f64 - (What::ALL.len() - 1) as f64 / 2.0);
                let (start, mut end) = (x + branch.hangs.0, width / 2.0 + lane);
                // Straight up, if it is almost so.
                if number == 0 && (start - end).abs() < 2.0 * LANE {
                    end = start.clamp(left, left + w);
                }
                let along = |top: f64| top - ABOVE + lane;
                let mut points = vec![(start, top + branch.hangs.1), (start, along(top))];
                if number > 0 {
                    points.push((TRUNK / 3.0 + lane, along(top)));
                    points.push((TRUNK / 3.0 + lane, along(h + BETWEEN)));
                }
                points.push((end, along(h + BETWEEN)));
                points.push((end, h));
                // What hangs is the first end of the edge, or the second.
                if from == root {
                    points.reverse();
                }
                tree.wires.push((*edge, points));
                tree.add(branch, (x, top));
                x += branch.w + BESIDE;
            }
            tree.h = top + row.iter().map(|(tree, _)| tree.h).fold(0.0, f64::max);
        }
        tree
    }
}

/// A node and all that hangs from it.
#[derive(Default)]
struct Tree {
    w: f64,
    h: f64,
    /// The point that it hangs by.
    hangs: Point,
    nodes: Vec<(usize, Rect)>,
    frames: Vec<(usize, Rect)>,
    wires: Vec<(usize, Vec<Point>)>,
}

impl Tree {
    fn add(&mut self, branch: &Tree, (dx, dy): Point) {
        let moved =
            |&(of, rect): &(usize, Rect)| (of, Rect { x: rect.x + dx, y: rect.y + dy, ..rect });
        self.nodes.extend(branch.nodes.iter().map(moved));
        self.frames.extend(branch.frames.iter().map(moved));
        self.wires.extend(
            branch.wires.iter().map(|(edge, points)| {
                (*edge, points.iter().map(|(x, y)| (x + dx, y + dy)).collect())
            }),
        );
    }
}

/// Trees side by side, and how large all is.
fn shelve(trees: &[Tree]) -> (Tree, Point) {
    let sizes: Vec<Point> = trees.iter().map(|tree| (tree.w, tree.h)).collect();
    let (places, size) = shelves(&sizes, APART);
    let mut all = Tree { w: size.0, h: size.1, ..Tree::default() };
    trees.iter().zip(places).for_each(|(tree, at)| all.add(tree, at));
    (all, size)
}

/// Branches in rows that are not too wide, of about the same width.
fn wrap(branches: &[(Tree, usize)]) -> Vec<&[(Tree, usize)]> {
    let total: f64 = branches.iter().map(|(tree, _)| tree.w + BESIDE).sum();
    let wanted = total / (total / WIDEST).ceil().max(1.0) + 1.0;
    let mut rows = Vec::new();
    let (mut start, mut width) = (0, 0.0);
    for (at, (tree, _)) in branches.iter().enumerate() {
        // A branch belongs to the row that more of it is in.
        if at > start && width + tree.w / 2.0 > wanted {
            rows.push(&branches[start..at]);
            (start, width) = (at, 0.0);
        }
        width += tree.w + BESIDE;
    }
    if start < branches.len() {
        rows.push(&branches[start..]);
    }
    rows
}

/// What is the better root of two with as many connections.
fn precedence(node: &Node) -> u8 {
    match node.kind.as_str() {
        "bridge" => 0,
        "bond" | "team" => 1,
        "vrf" => 2,
        _ if node.index.is_none() => 9,
        "vlan" | "macvlan" | "ipvlan" | "vxlan" => 5,
        _ => 4,
    }
}

/// Puts boxes on shelves: their places, and how large all is.
fn shelves(sizes: &[Point], gap: f64) -> (Vec<Point>, Point) {
    let area: f64 = sizes.iter().map(|(w, h)| (w + gap) * (h + gap)).sum();
    let widest = sizes.iter().map(|(w, _)| *w).fold(0.0, f64::max);
    let limit = (area * 1.7).sqrt().max(widest);
    let (mut x, mut y, mut shelf, mut size) = (0.0_f64, 0.0_f64, 0.0_f64, (0.0_f64, 0.0_f64));
    let mut places = Vec::new();
    for &(w, h) in sizes {
        if x > 0.0 && x + w > limit {
            (x, y, shelf) = (0.0, y + shelf + gap, 0.0);
        }
        places.push((x, y));
        size = (size.0.max(x + w), size.1.max(y + h));
        (x, shelf) = (x + w + gap, shelf.max(h));
    }
    (places, size)
}

/// A curve between two nodes. `number` sets those apart that run between the same ones.
fn curve(from: Rect, to: Rect, number: usize) -> Wire {
    let aside = ((number % 5) as f64 - 2.0) * 9.0;
    let ((from_x, _), (to_x, _)) = (from.center(), to.center());
    let (from_x, to_x) = (from_x + aside, to_x + aside);
    let (start, end, bends) = if from.bottom() <= to.y {
        ((from_x, from.bottom()), (to_x, to.y), [1.0, -1.0])
    } else if to.bottom() <= from.y {
        ((from_x, from.y), (to_x, to.bottom()), [-1.0, 1.0])
    } else {
        // Beside each other: below both.
        ((from_x, from.bottom()), (to_x, to.bottom()), [1.0, 1.0])
    };
    let bend = ((end.1 - start.1).abs() / 2.0).clamp(34.0, 160.0);
    let [first, second] = bends;
    Wire::Curve([start, (start.0, start.1 + first * bend), (end.0, end.1 + second * bend), end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::graph::machine::Namespace;

    /// A bridge with so many ports, each with its other end, and links that are alone.
    fn machine(ports: usize, alone: usize) -> Machine {
        let node = |kind: &str| Node { index: Some(1), kind: kind.to_owned(), ..Node::default() };
        let mut nodes = vec![node("bridge")];
        let mut edges = Vec::new();
        for _ in 0..ports {
            let port = nodes.len();
            nodes.extend([node("veth"), node("veth")]);
            edges.push(Edge { from: port, to: 0, what: What::Port });
            edges.push(Edge { from: port, to: port + 1, what: What::Peer });
        }
        nodes.extend((0..alone).map(|_| node("dummy")));
        // One that is in no tree.
        edges.push(Edge { from: 2, to: 4, what: What::Over });
        Machine { namespaces: vec![Namespace { name: None }], nodes, edges }
    }

    #[test]
    fn nothing_stands_on_something_else() {
        for (ports, alone) in [(2, 0), (24, 2), (60, 30)] {
            let machine = machine(ports, alone);
            let sizes = vec![(150.0, 60.0); machine.nodes.len()];
            let Layout { nodes, wires, size, .. } = place(&machine, &sizes, &[(80.0, 20.0); 3]);
            assert_eq!((nodes.len(), wires.len()), (sizes.len(), machine.edges.len()));
            for (at, a) in nodes.iter().enumerate() {
                assert!(a.x >= 0.0 && a.x + a.w <= size.0 && a.y >= 0.0 && a.bottom() <= size.1);
                for b in &nodes[at + 1..] {
                    let apart = a.x + a.w <= b.x
                        || b.x + b.w <= a.x
                        || a.bottom() <= b.y
                        || b.bottom() <= a.y;
                    assert!(apart, "{a:?} {b:?}");
                }
            }
            assert!(size.0 < 2.0 * WIDEST, "{size:?}");
        }
    }

    #[test]
    fn namespaces_hang_from_what_leads_to_them() {
        let mut machine = machine(3, 2);
        machine.namespaces.extend([Namespace { name: None }, Namespace { name: None }]);
        // The other end of the first port, and a link beside it; the third has no connection.
        for (node, namespace) in [(2, 1), (7, 1), (8, 2)] {
            machine.nodes[node].namespace = namespace;
        }
        let sizes = vec![(150.0, 60.0); machine.nodes.len()];
        let Layout { nodes, frames, .. } = place(&machine, &sizes, &[(80.0, 20.0); 3]);
        assert_eq!(frames.iter().map(|(of, _)| *of).collect::<Vec<_>>(), [1, 2]);
        for (namespace, frame) in frames {
            for (node, rect) in machine.nodes.iter().zip(&nodes) {
                let (x, y) = rect.center();
                let is_inside = (frame.x..frame.x + frame.w).contains(&x)
                    && (frame.y..frame.bottom()).contains(&y);
                assert_eq!(is_inside, node.namespace == namespace);
            }
        }
        assert!(nodes[2].y > nodes[1].bottom());
    }

    #[test]
    fn wires_run_beside_nodes() {
        for mut machine in [machine(5, 3), machine(30, 7)] {
            let name = |_| Namespace { name: None };
            machine.namespaces.extend((0..2).map(name));
            // Two cables lead to one namespace, another to a second one, and there are short cuts.
            for (node, namespace) in [(2, 1), (4, 1), (6, 2)] {
                machine.nodes[node].namespace = namespace;
            }
            for (from, to) in [(4, 6), (1, 10), (9, 2)] {
                machine.edges.push(Edge { from, to, what: What::Over });
            }
            let sizes = vec![(150.0, 60.0); machine.nodes.len()];
            let layout = place(&machine, &sizes, &[(80.0, 20.0); 3]);
            for (edge, wire) in machine.edges.iter().zip(&layout.wires) {
                let Wire::Bus(points) = wire else { panic!("{edge:?} found no way") };
                for (at, node) in layout.nodes.iter().enumerate() {
                    let is_end = at == edge.from || at == edge.to;
                    let touches = |ends: &[Point]| {
                        let [(x, y), (to_x, to_y)] = [ends[0], ends[1]];
                        x.min(to_x) < node.x + node.w
                            && x.max(to_x) > node.x
                            && y.min(to_y) < node.bottom()
                            && y.max(to_y) > node.y
                    };
                    let runs_over = points.windows(2).any(touches);
                    assert!(is_end || !runs_over, "{edge:?} {points:?} {at} {node:?}");
                }
            }
        }
    }

    #[test]
    fn wires_end_at_their_nodes() {
        let machine = machine(30, 0);
        let sizes = vec![(150.0, 60.0); machine.nodes.len()];
        let layout = place(&machine, &sizes, &[(80.0, 20.0); 3]);
        for (edge, wire) in machine.edges.iter().zip(&layout.wires) {
            let (start, end) = match wire {
                Wire::Bus(points) => (points[0], *points.last().unwrap()),
                Wire::Curve([start, .., end]) => (*start, *end),
            };
            for (node, (x, y)) in [(edge.from, start), (edge.to, end)] {
                let rect = layout.nodes[node];
                assert!((rect.x..=rect.x + rect.w).contains(&x), "{edge:?} {wire:?} {rect:?}");
                assert!(y == rect.y || y == rect.bottom(), "{edge:?} {wire:?} {rect:?}");
            }
        }
    }
}

//! A map from numbers, most of which are small. It is asked several times a row.

use std::collections::HashMap;

/// Values by their numbers.
pub(crate) struct ByNumber<T> {
    /// Those of small numbers, each in its place.
    small: Vec<Option<T>>,
    large: HashMap<u32, Option<T>>,
}

impl<T> ByNumber<T> {
    const SMALL: usize = 4096;

    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        match self.small.get(number as usize) {
            Some(value) => value.as_ref(),
            None => self.large.get(&number)?.as_ref(),
        }
    }

    /// The place of a value, for any number.
    #[inline]
    pub(crate) fn place(&mut self, number: u32) -> &mut Option<T> {
        let i = number as usize;
        if i >= self.small.len() {
            return self.new_place(number);
        }
        &mut self.small[i]
    }

    fn new_place(&mut self, number: u32) -> &mut Option<T> {
        let i = number as usize;
        if i >= Self::SMALL {
            return self.large.entry(number).or_default();
        }
        self.small.resize_with(i + 1, || None);
        &mut self.small[i]
    }

    pub(crate) fn insert(&mut self, number: u32, value: T) {
        *self.place(number) = Some(value);
    }

    pub(crate) fn remove(&mut self, number: u32) {
        *self.place(number) = None;
    }

    /// Keeps those values alone that the condition holds for.
    pub(crate) fn retain(&mut self, condition: impl Fn(&T) -> bool) {
        for value in self.small.iter_mut().chain(self.large.values_mut()) {
            *value = value.take().filter(&condition);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.small.clear();
        self.large.clear();
    }
}

impl<T> Default for ByNumber<T> {
    fn default() -> Self {
        Self { small: Vec::new(), large: HashMap::new() }
    }
}

impl<T> FromIterator<(u32, T)> for ByNumber<T> {
    fn from_iter<I: IntoIterator<Item = (u32, T)>>(values: I) -> Self {
        let mut this = Self::default();
        values.into_iter().for_each(|(number, value)| this.insert(number, value));
        this
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_size() {
        let numbers = [0, 1, 255, 4095, 4096, u32::MAX];
        let mut map: ByNumber<u32> = numbers.map(|number| (number, number)).into_iter().collect();
        for number in numbers {
            assert_eq!(map.get(number), Some(&number));
            assert_eq!(map.get(number ^ 2), None);
        }
        map.insert(1, 7);
        map.remove(u32::MAX);
        map.remove(2);
        map.retain(|&number| number != 4096);
        assert_eq!(
            numbers.map(|number| map.get(number).copied()),
            [Some(0), Some(7), Some(255), Some(4095), None, None]
        );
        map.clear();
        assert!(numbers.iter().all(|&number| map.get(number).is_none()));
    }
}

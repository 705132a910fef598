//! A map that forgets its oldest entry when it is full.

use std::collections::{HashMap, VecDeque};

/// Entries by name; the oldest is dropped beyond the capacity.
pub(super) struct Bounded<V> {
    entries: HashMap<String, V>,
    order: VecDeque<String>,
    capacity: usize,
}

impl<V> Bounded<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), capacity: capacity.max(1) }
    }

    pub(super) fn put(&mut self, name: impl Into<String>, value: V) {
        let name = name.into();
        if self.entries.insert(name.clone(), value).is_none() {
            self.order.push_back(name);
        }
        while self.entries.len() > self.capacity {
            let Some(oldest) = self.order.pop_front() else { break };
            self.entries.remove(&oldest);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&V> {
        self.entries.get(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.entries.get_mut(name)
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<V> {
        let value = self.entries.remove(name)?;
        self.order.retain(|n| n != name);
        Some(value)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }

    /// Oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.order.iter().filter_map(|name| self.entries.get_key_value(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let mut map = Bounded::new(2);
        map.put("a", 1);
        map.put("b", 2);
        map.put("a", 3);
        map.put("c", 4);
        assert_eq!(map.get("a"), None);
        assert_eq!(map.iter().map(|(_, v)| *v).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(map.remove("b"), Some(2));
        assert_eq!(map.iter().count(), 1);
    }
}

//! Een begrensd geheugen per proces; wat te oud is telt niet meer.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Moment;

const SHARDS: usize = 16;

/// Waarden met een uiterste moment, verdeeld over een paar sloten.
pub(crate) struct Cache<K, V> {
    shards: Vec<Mutex<HashMap<K, (Moment, V)>>>,
    hasher: RandomState,
    per_shard: usize,
}

impl<K, V> std::fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cache")
    }
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::new(HashMap::new())).collect();
        Self { shards, hasher: RandomState::new(), per_shard: capacity.div_ceil(SHARDS).max(1) }
    }

    fn shard(&self, key: &K) -> Option<MutexGuard<'_, HashMap<K, (Moment, V)>>> {
        let index = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).ok()?;
        self.shards.get(index).map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn get(&self, key: &K, now: Moment) -> Option<V> {
        self.shard(key)?.get(key).filter(|(until, _)| *until > now).map(|(_, value)| value.clone())
    }

    pub(crate) fn insert(&self, key: K, value: V, until: Moment, now: Moment) {
        let Some(mut shard) = self.shard(&key) else { return };
        if shard.len() >= self.per_shard {
            shard.retain(|_, (until, _)| *until > now);
        }
        if shard.len() >= self.per_shard {
            // Alles is nog geldig en het is vol: opnieuw beginnen kost alleen een extra controle per token.
            shard.clear();
        }
        shard.insert(key, (until, value));
    }

    /// Voegt toe wat er nog niet was; `false` als het er al was. Eén slot, dus van twee tegelijk krijgt er één `true`.
    pub(crate) fn insert_new(&self, key: K, value: V, until: Moment, now: Moment) -> bool {
        let Some(mut shard) = self.shard(&key) else { return false };
        if shard.get(&key).is_some_and(|(until, _)| *until > now) {
            return false;
        }
        if shard.len() >= self.per_shard {
            shard.retain(|_, (until, _)| *until > now);
        }
        // Vol met wat nog telt: liever weigeren dan vergeten wat al gebruikt is.
        if shard.len() >= self.per_shard {
            return false;
        }
        shard.insert(key, (until, value));
        true
    }

    /// Vergeet alles, bijvoorbeeld na een blokkering op deze node.
    pub(crate) fn clear(&self) {
        for shard in &self.shards {
            shard.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::Cache;

    #[test]
    fn een_waarde_geldt_tot_haar_moment_en_het_geheugen_blijft_begrensd() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let cache = Cache::new(32);
        cache.insert(1, "a", now + TimeDelta::seconds(5), now);
        assert_eq!(cache.get(&1, now + TimeDelta::seconds(4)), Some("a"));
        assert_eq!(cache.get(&1, now + TimeDelta::seconds(5)), None);
        for key in 0..10_000 {
            cache.insert(key, "b", now + TimeDelta::seconds(5), now);
        }
        assert!((0..10_000).filter(|key| cache.get(key, now).is_some()).count() <= 32);
        cache.clear();
        assert_eq!(cache.get(&9_999, now), None);
    }
}

//! From every start, everything that can happen.

use super::super::rules::{ALL, Rules};
use super::super::situation::{Due, Member, Situation, Wanted};
use super::super::view::View;
use super::super::{Next, decide};
use super::events::{Adversary, came, events, helped};
use super::forbidden::forbidden;
use super::key::{AsIs, Key};
use super::starts::{Sizes, starts};
use super::world::{World, elected, is_goal, observed, outcomes};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasherDefault;
use std::sync::Mutex;

/// What an exploration found.
#[derive(Debug, Default)]
pub(super) struct Found {
    starts: usize,
    states: usize,
    transitions: usize,
    /// The first of each kind of what must not be, and how many there were.
    pub(super) wrong: BTreeMap<&'static str, (usize, String)>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { starts, states, transitions, wrong } = self;
        write!(f, "{starts} starts, {states} states, {transitions} transitions")?;
        wrong.iter().try_for_each(|(what, (times, first))| write!(f, "\n{times} × {what}: {first}"))
    }
}

impl Found {
    fn add(&mut self, other: Self) {
        self.starts += other.starts;
        self.states += other.states;
        self.transitions += other.transitions;
        for (what, (times, first)) in other.wrong {
            self.wrong.entry(what).or_insert((0, first)).0 += times;
        }
    }

    fn wrong(&mut self, what: &'static str, state: &World, next: Next) {
        let first = || (0, format!("{next:?} in {}", told(state)));
        self.wrong.entry(what).or_insert_with(first).0 += 1;
    }
}

/// Returns a line for each member, with what is not as usual.
fn told(world: &World) -> String {
    let member = |(at, member): (usize, &Member)| {
        let Member { wanted, seat, life, data, leads, has_former_minor, due } = member;
        let due = if *due == Due::default() { String::new() } else { format!(" {due:?}") };
        let is =
            [(*leads, " leads"), (*has_former_minor, " former"), (world.dialled[at], " dialled")];
        let is: String = is.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        format!("\n  {wanted:?} {seat:?} {life:?} {data:?}{is}{due}")
    };
    let members: String = world.members.iter().enumerate().map(member).collect();
    let cluster = Situation { members: Vec::new(), ..world.situation.clone() };
    format!("{cluster:?}{members}")
}

/// All states so far, each with the one that comes of it where everything goes well.
#[derive(Default)]
struct Space {
    places: HashMap<Key, u32, BuildHasherDefault<AsIs>>,
    keys: Vec<Key>,
    /// `u32::MAX` at the end.
    well: Vec<u32>,
}

impl Space {
    fn place(&mut self, world: &World) -> u32 {
        let key = Key::of(world);
        match self.places.entry(key) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(vacant) => {
                let place = u32::try_from(self.keys.len()).expect("fewer than 2^32 states");
                vacant.insert(place);
                self.keys.push(key);
                place
            }
        }
    }
}

/// Explores what can be reached from these starts. How many members are to be never changes, so that each such number
/// is a world of its own.
pub(super) fn explore(starts: &[World], adversary: Adversary, rules: Rules) -> Found {
    let wanted = |start: &World| start.members.iter().filter(|m| m.wanted != Wanted::No).count();
    let mut worlds: BTreeMap<usize, Vec<&World>> = BTreeMap::new();
    for start in starts {
        worlds.entry(wanted(start)).or_default().push(start);
    }
    let worlds = Mutex::new(worlds);
    let all = Mutex::new(Found::default());
    let take = || worlds.lock().expect("no panic").pop_last();
    let work = || {
        while let Some((_, starts)) = take() {
            let found = explore_one(&starts, adversary, rules);
            all.lock().expect("no panic").add(found);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    all.into_inner().expect("no panic")
}

fn explore_one(starts: &[&World], adversary: Adversary, rules: Rules) -> Found {
    let mut found = Found { starts: starts.len(), ..Found::default() };
    let mut space = Space::default();
    for start in starts {
        space.place(start);
    }
    let mut at = 0;
    while at < space.keys.len() {
        let world = space.keys[at].world();
        let next = decide(&View::of(&observed(&world), rules));
        let well = match next {
            Next::Step(step) => {
                if let Some(what) = forbidden(&world, step) {
                    found.wrong(what, &world, next);
                }
                let mut well = None;
                for after in outcomes(&world, step) {
                    for after in elected(after) {
                        found.transitions += 1;
                        let place = space.place(&after);
                        well.get_or_insert(place);
                    }
                }
                well.expect("a step comes to something")
            }
            Next::Wait(wait) => space.place(&came(&world, wait)),
            Next::Refuse(why) => {
                let after = helped(&world, why);
                if after.is_none() {
                    found.wrong("asks for what does not help", &world, next);
                }
                after.map_or(u32::MAX, |after| space.place(&after))
            }
            Next::Done => {
                if !is_goal(&world) {
                    found.wrong("done, and it is not", &world, next);
                }
                u32::MAX
            }
        };
        space.well.push(well);
        for after in events(&world, adversary) {
            found.transitions += 1;
            space.place(&after);
        }
        at += 1;
    }
    found.states = space.keys.len();
    ends(&space, &mut found, rules);
    found
}

/// Notes each circle: from every state, where all goes well and an operator does what is asked for, all has to end in
/// what is to be.
fn ends(space: &Space, found: &mut Found, rules: Rules) {
    // 0: not known, 1: on the way, 2: known.
    let mut known = vec![0_u8; space.keys.len()];
    for start in 0..space.keys.len() {
        let mut at = start;
        let mut way = Vec::new();
        while known[at] == 0 {
            known[at] = 1;
            way.push(at);
            match space.well[at] {
                u32::MAX => break,
                next => at = next as usize,
            }
        }
        let is_circle = known[at] == 1 && space.well[at] != u32::MAX;
        if is_circle {
            let world = space.keys[at].world();
            found.wrong("goes in circles", &world, decide(&View::of(&observed(&world), rules)));
        }
        for at in way {
            known[at] = 2;
        }
    }
}

/// Explores clusters of these sizes, and says how much that was. At so many members at a time something happens that no
/// start puts right.
pub(super) fn explored(what: &str, sizes: Sizes, at_once: usize) {
    explored_by(what, sizes, Adversary { at_once, interferes: false });
}

/// Explores the same with an adversary of that kind, and finds nothing wrong.
#[expect(clippy::print_stdout, reason = "how much was explored is part of the proof")]
pub(super) fn explored_by(what: &str, sizes: Sizes, adversary: Adversary) {
    let found = explore(&starts(sizes), adversary, ALL);
    println!("{what}: {found}");
    assert!(found.wrong.is_empty(), "{found}");
}

//! A situation in a few bytes: millions of them are kept.

use super::super::situation::{Alarm, Data, Due, Life, Member, Seat, Situation, Space, Wanted};
use super::world::World;
use std::hash::{Hash, Hasher};

/// As many members as a situation has here.
const MOST: usize = 13;

/// A situation whose members are in order: those of one kind cannot be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key([u16; MOST + 1]);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut sum = 0_u64;
        for bits in self.0 {
            sum = (sum.rotate_left(5) ^ u64::from(bits)).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95);
        }
        state.write_u64(sum);
    }
}

/// Takes what [`Key`] makes of itself: no adversary chooses keys here.
#[derive(Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("a key is one number");
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

impl Key {
    pub(super) fn of(world: &World) -> Self {
        let mut key = [u16::MAX; MOST + 1];
        assert!(world.members.len() <= MOST, "{world:?}");
        for (at, member) in world.members.iter().enumerate() {
            let bits = packed(*member, world.dialled[at]);
            // Nearly all of them are in order already.
            let mut to = at;
            while to > 0 && key[to - 1] > bits {
                key[to] = key[to - 1];
                to -= 1;
            }
            key[to] = bits;
        }
        key[MOST] = flags(world);
        Self(key)
    }

    pub(super) fn world(self) -> World {
        let (members, flags) = self.0.split_at(MOST);
        let members = members.iter().copied().filter(|member| *member != u16::MAX);
        let flags = flags[0];
        let is = |bit: u16| flags & (1 << bit) != 0;
        let (members, dialled) = members.map(unpacked).unzip();
        let situation = Situation {
            members,
            alarm: ALARMS[usize::from(flags >> 8)],
            saves_first: is(0),
            upgrades: is(1),
            accepts_downtime: is(2),
            raises_quota: is(3),
            is_settled: true,
            knows_leader: true,
            ..Situation::default()
        };
        World { situation, dialled }.counted()
    }
}

const ALARMS: [Option<Alarm>; 5] = [
    None,
    Some(Alarm::Corrupt),
    Some(Alarm::Space(Space::Full)),
    Some(Alarm::Space(Space::Compacted)),
    Some(Alarm::LeftOver),
];

fn flags(situation: &Situation) -> u16 {
    let alarm = ALARMS.iter().position(|alarm| *alarm == situation.alarm).unwrap_or_default();
    let bits = [
        situation.saves_first,
        situation.upgrades,
        situation.accepts_downtime,
        situation.raises_quota,
    ];
    let bits = bits.into_iter().enumerate().map(|(at, is)| u16::from(is) << at).sum::<u16>();
    bits | (u16::try_from(alarm).unwrap_or_default() << 8)
}

const WANTED: [Wanted; 3] = [Wanted::Yes, Wanted::No, Wanted::Replaced];
const SEATS: [Seat; 3] = [Seat::Absent, Seat::Learner, Seat::Voter];
const LIVES: [Life; 6] =
    [Life::New, Life::Down, Life::Broken, Life::Silent, Life::Behind, Life::Up];
const DATA: [Data; 3] = [Data::Own, Data::Odd, Data::Twice];

fn packed(member: Member, is_dialled: bool) -> u16 {
    let Due { readdress, restarts, defragment, copy, .. } = member.due;
    let mut bits = member.wanted as u16;
    bits = bits << 2 | member.seat as u16;
    bits = bits << 3 | member.life as u16;
    bits = bits << 2 | member.data as u16;
    bits = bits << 1 | u16::from(member.leads);
    bits = bits << 1 | u16::from(is_dialled);
    bits = bits << 1 | u16::from(readdress);
    bits = bits << 1 | u16::from(defragment);
    bits = bits << 1 | u16::from(copy);
    bits << 2 | u16::from(restarts)
}

fn unpacked(bits: u16) -> (Member, bool) {
    let is = |bit: u16| bits & (1 << bit) != 0;
    let place = |shift: u16, mask: u16| usize::from(bits >> shift & mask);
    let member = Member {
        wanted: WANTED[place(14, 3)],
        seat: SEATS[place(12, 3)],
        life: LIVES[place(9, 7)],
        data: DATA[place(7, 3)],
        leads: is(6),
        due: Due {
            readdress: is(4),
            defragment: is(3),
            copy: is(2),
            restarts: (bits & 3) as u8,
            ..Due::default()
        },
    };
    (member, is(5))
}

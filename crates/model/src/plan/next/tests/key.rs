//! A situation in a few bytes: millions of them are kept.

use super::super::situation::{Alarm, Data, Due, Life, Member, Seat, Situation, Space, Wanted};
use super::world::World;
use std::hash::{Hash, Hasher};

/// As many members as a situation has here.
const MOST: usize = 13;

/// A situation whose members are in order: those of one kind cannot be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key([u32; MOST + 1]);

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
        let mut key = [u32::MAX; MOST + 1];
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
        let members = members.iter().copied().filter(|member| *member != u32::MAX);
        let flags = flags[0];
        let is = |bit: u32| flags & (1 << bit) != 0;
        let (members, dialled) = members.map(unpacked).unzip();
        let situation = Situation {
            members,
            alarm: ALARMS[place(flags, 8, 7)],
            saves_first: is(0),
            upgrades: is(1),
            accepts_downtime: is(2),
            raises_quota: is(3),
            owes_announcement: is(4),
            knows_leader: is(5),
            has_looks: is(6),
            ..Situation::default()
        };
        World { situation, dialled, retires: is(7) }.counted()
    }
}

const ALARMS: [Option<Alarm>; 5] = [
    None,
    Some(Alarm::Corrupt),
    Some(Alarm::Space(Space::Full)),
    Some(Alarm::Space(Space::Compacted)),
    Some(Alarm::LeftOver),
];

fn flags(world: &World) -> u32 {
    let alarm = ALARMS.iter().position(|alarm| *alarm == world.alarm).unwrap_or_default();
    let bits = [
        world.saves_first,
        world.upgrades,
        world.accepts_downtime,
        world.raises_quota,
        world.owes_announcement,
        world.knows_leader,
        world.has_looks,
        world.retires,
    ];
    let bits = bits.into_iter().enumerate().map(|(at, is)| u32::from(is) << at).sum::<u32>();
    bits | (u32::try_from(alarm).unwrap_or_default() << 8)
}

const WANTED: [Wanted; 3] = [Wanted::Yes, Wanted::No, Wanted::Replaced];
const SEATS: [Seat; 3] = [Seat::Absent, Seat::Learner, Seat::Voter];
const LIVES: [Life; 5] = [Life::New, Life::Down, Life::Silent, Life::Behind, Life::Up];
const DATA: [Data; 3] = [Data::Own, Data::Odd, Data::Twice];

fn packed(member: Member, is_dialled: bool) -> u32 {
    let Due { copy, readdress, is_held, restarts, defragment, retire, has_wrong_clock } =
        member.due;
    let mut bits = u32::from(restarts);
    bits |= u32::from(copy) << 2;
    bits |= u32::from(readdress) << 3;
    bits |= u32::from(is_held) << 4;
    bits |= u32::from(defragment) << 5;
    bits |= u32::from(retire) << 6;
    bits |= u32::from(has_wrong_clock) << 7;
    bits |= u32::from(member.has_former_minor) << 8;
    bits |= u32::from(is_dialled) << 9;
    bits |= u32::from(member.leads) << 10;
    bits |= (member.data as u32) << 11;
    bits |= (member.life as u32) << 13;
    bits |= (member.seat as u32) << 16;
    bits | (member.wanted as u32) << 18
}

fn unpacked(bits: u32) -> (Member, bool) {
    let is = |bit: u32| bits & (1 << bit) != 0;
    let member = Member {
        wanted: WANTED[place(bits, 18, 3)],
        seat: SEATS[place(bits, 16, 3)],
        life: LIVES[place(bits, 13, 7)],
        data: DATA[place(bits, 11, 3)],
        leads: is(10),
        has_former_minor: is(8),
        due: Due {
            restarts: (bits & 3) as u8,
            copy: is(2),
            readdress: is(3),
            is_held: is(4),
            defragment: is(5),
            retire: is(6),
            has_wrong_clock: is(7),
        },
    };
    (member, is(9))
}

const fn place(bits: u32, shift: u32, mask: u32) -> usize {
    (bits >> shift & mask) as usize
}

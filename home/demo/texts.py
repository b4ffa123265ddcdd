"""Sentences for clinical notes: our own, about nobody. A group's note names no one; a member's note names no other."""

from random import Random

# A name that slipped into another member's draft; the check before signing finds it.
SLIP = "Came late and said so at once. Listened more than spoke; asked Imani what had been needed, and waited."
THEMES = (
    "Anger that is easier to leave than to say",
    "Asking for something and surviving the answer",
    "Who takes care of whom, and who is never asked",
    "Being liked against being known",
    "What silence says in this room",
    "Coming back after an absence",
    "Envy, and how politely it is dressed",
    "Saying no without an apology attached",
    "The wish that somebody guesses",
    "Competing for the leaders' attention",
    "Leaving first, so as not to be left",
    "How closeness and irritation arrive together",
    "Advice as a way to keep a distance",
    "Shame about needing the group at all",
    "Difference in the room, spoken about for once",
    "Old roles from the family, played again here",
    "Trust that grows slower than the calendar",
    "Disappointment with the leaders",
    "Being late, and what it does to the others",
    "Joy, and the fear that it will be taken away",
    "Who speaks first and who always waits",
    "Grief that has no anniversary",
    "Control, and the relief of giving some up",
    "The end of the group, mentioned in passing",
)
OPENINGS = (
    "The session began haltingly and found its subject after twenty minutes.",
    "Two members picked up where the last session had ended.",
    "The group started with small talk and noticed it before the leaders did.",
    "A long silence opened the session; nobody hurried to fill it.",
    "One member asked for time at once and used it well.",
    "The first half hour belonged to an argument from the week before.",
    "An absence was felt and named early.",
    "The group was lively from the start, with several people speaking over one another.",
)
MIDDLES = (
    "Feedback became more direct than in earlier weeks, and it was received without defense.",
    "The group protected one member from a question that this member could have answered alone.",
    "Two members discovered that each had taken the other's quiet for dislike.",
    "Attention went to whoever was most upset; the group saw the pattern and was curious about it.",
    "A disagreement was stayed with instead of smoothed over.",
    "Several people spoke about the week; the leaders brought the talk back into the room.",
    "A joke broke the tension, and one member said what it had cost to laugh along.",
    "Members compared how the same remark had landed with them: with relief, with hurt, with nothing.",
    "The leaders were criticized for stepping in too late, and said what they had been waiting for.",
    "One member risked saying something kind without taking half of it back.",
    "The question of who may take up time was asked aloud for the first time.",
    "Three members had the same memory of a session and three meanings for it.",
)
ENDINGS = (
    "The session ended on time, with more said than resolved.",
    "It ended quietly; nobody seemed in a hurry to stand up.",
    "The last minutes were used to check how everyone was leaving.",
    "Something was left open on purpose and named as such.",
    "The mood at the end was tired and warm.",
    "The end came too soon for two members, who said so.",
)
PLANS = (
    "Come back to what was left open; invite the quieter half first.",
    "Name the pattern if it appears again and ask what it protects.",
    "Hold back longer before stepping in.",
    "Ask how the last session was carried through the week.",
    "Watch for care that replaces a complaint.",
    "Slow the group down when advice begins.",
    "Make room for the members who were away.",
    "Bring up the number of sessions that remain.",
    "Link today's conflict to the goals that were agreed before the group began.",
    "Stay with feelings toward the leaders when they show.",
)
PARTICIPATION = (
    "Spoke early and stayed involved throughout.",
    "Listened more than spoke; body turned toward the speaker.",
    "Took a turn after being invited, and used it fully.",
    "Was quiet for the first hour, then direct.",
    "Asked others many questions and answered few.",
    "Gave clear feedback and waited for the reply.",
    "Looked tired; said so without being asked.",
    "Joked at the tender moments and noticed it once.",
    "Brought something from the week and let the group into it.",
    "Interrupted twice, apologized once, and was thanked for the second try.",
    "Kept to the edge of the conversation and seemed content there.",
    "Was the first to name the silence.",
)
RESPONSES = (
    "Heard that the silence felt like distance; stayed in the room with it.",
    "Accepted praise without handing it back.",
    "Was moved by another member's words and said which ones.",
    "Defended at first, then asked to hear it again.",
    "Recognized a role from the family in the way the evening went.",
    "Could say what was wanted from the group, in one sentence.",
    "Found it hard to believe the warmth that was offered.",
    "Disagreed with another member openly and saw that nothing broke.",
    "Noticed the wish to leave and chose to speak instead.",
    "Felt less alone with it after others told of the same.",
    "Took the feedback in and looked relieved.",
    "Stayed guarded when the talk came close.",
)
NEXT_STEPS = (
    "Closer to the agreed goal than before.",
    "Will try to ask for time at the start of the next session.",
    "Watch for taking care of others in place of asking.",
    "Continue; no change to the plan.",
    "Return to this if it is not raised again.",
    "Encourage speaking before the feeling has passed.",
    "Agreed to say it in the group rather than after it.",
    "Check in about sleep and work at the next session.",
)
DYNAMICS = (
    "Turns were shared more evenly than before; two quiet members spoke without being asked.",
    "One pair spoke for the group while the others watched.",
    "The group looked to the leaders first and to each other only later.",
    "Two camps formed and found words for it before the end.",
    "Careful at first, then direct; nobody was left alone with what they had said.",
)
ADDENDUM = "A member called the next morning: the ending had stayed with them, and they will bring it in."
SNIPPETS = {
    "check in": "Was asked how the last session had landed, and answered in a few sentences.",
    "no change": "No change to the goal or to the plan of care.",
}
WALKED_OUT = (
    "Left the room without a word and came back after ten minutes; spoken about at once.",
    "Left before the end, angry. One leader followed to the door; it will be taken up next time.",
)
BRINGS = (
    "Long relationships end at the same point, and the reasons sound alike afterwards.",
    "Colleagues are friendly and nobody is close; weekends are long.",
    "Says yes at work and at home, and is angry about it later.",
    "Since the move there are acquaintances and no friends.",
    "Conflicts in the family are never spoken about, and are felt in every visit.",
    "After the loss, friends stopped asking; it became hard to begin again.",
)
HOPES = (
    "To say what hurts while it can still be changed.",
    "To find out how others see this side.",
    "To need less certainty before trusting somebody.",
    "To take up room without paying for it afterwards.",
    "To be in a group and not perform.",
)


def group_observations(random: Random) -> str:
    """Return three or four sentences on what happened in the group."""
    middles = random.sample(MIDDLES, random.choice((1, 2)))
    return " ".join([random.choice(OPENINGS), *middles, random.choice(ENDINGS)])


def member_text(random: Random) -> str:
    """Return participation, response and plan of somebody who was there."""
    return f"{random.choice(PARTICIPATION)} {random.choice(RESPONSES)} {random.choice(NEXT_STEPS)}"


# What the meeting before a group says of the people who matter.
PEOPLE_WHO_MATTER = (
    (
        "A sister, close since they were children; she hears almost everything, every week. The father is missed: they "
        "have not spoken for two years. Wants to say what was hard without breaking it off again."
    ),
    (
        "A partner of six years. Good: they laugh a lot. Hard: when one of them is hurt, both go quiet for days. Wants "
        "to be the one who speaks first. Friends from school, seen rarely since the move."
    ),
    (
        "Lives alone since the spring. The mother calls daily and worries; that is kind and too much. One colleague "
        "could be a friend. Wants to ask somebody for company without an excuse."
    ),
    (
        "Two grown children, one nearby. A brother who always knew better: goes along with what he says. Wants to "
        "disagree with him once and stay at the table."
    ),
)

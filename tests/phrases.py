"""What people write when they mean a time, what it means on Monday 23 Nov 2026 at 15:00 in Berlin, and what is none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

_TIMES: dict[str, list[str]] = {
    "2026-11-23 15:15": [
        "quarter of an hour",
    ],
    "2026-11-23 15:30": [
        "half an hour", "½ hour",
    ],
    "2026-11-23 15:45": [
        "forty-five minutes",
    ],
    "2026-11-23 16:00": [
        "17:00+02:00", "an hour", "another hour", "1 hr",
    ],
    "2026-11-23 16:30": [
        "1 h 30", "an hour and a half", "90 mins", "1½ hours", "1.5h", "1,5 hours", "1 hour and 30 minutes",
    ],
    "2026-11-23 17:00": [
        "today at 5", "5 in the afternoon", "eod", "by cob", "end of day", "5pm", "at 5pm", "by 5pm", "until 17",
        "5pm (CET)", "+2h", "within 2 hours", "for 2h", "2 hours from now", "until 5pm",
    ],
    "2026-11-23 17:30": [
        "17.30", "17:30", "5.30pm", "at 1730", "in 2h 30m", "2h30", "two and a half hours",
    ],
    "2026-11-23 18:00": [
        "today 18:00", "mon 18:00", "17:00 UTC",
    ],
    "2026-11-23 19:00": [
        "7 tonight", "10am PT",
    ],
    "2026-11-23 20:00": [
        "this evening", "tonight",
    ],
    "2026-11-23 21:00": [
        "tonight at 9", "17:00 UTC−3",
    ],
    "2026-11-23 23:59": [
        "today", "nov 23",
    ],
    "2026-11-24 00:00": [
        "midnight", "tonight at midnight", "12am",
    ],
    "2026-11-24 08:00": [
        "8 tomorrow morning", "8 in the morning", "17h",
    ],
    "2026-11-24 08:50": [
        "ten to nine tomorrow",
    ],
    "2026-11-24 09:00": [
        "tomorrow.", "by tomorrow", "tomorrow morning", "tomorrow 9", "in the morning", "9a.m.", "9 a.m.", "9:00",
        "0900",
    ],
    "2026-11-24 09:30": [
        "half past nine tomorrow",
    ],
    "2026-11-24 10:00": [
        "9am London time",
    ],
    "2026-11-24 12:00": [
        "at noon tomorrow", "noon", "12pm",
    ],
    "2026-11-24 12:30": [
        "12:30", "17:00 Asia/Kolkata",
    ],
    "2026-11-24 15:00": [
        "tomorrow afternoon at 3", "15:00 CET",
    ],
    "2026-11-24 17:00": [
        "tomorrow 5pm", "Tomorrow at 5 PM", "5pm tomorrow", "tmrw 17:00", "tomorrow 17", "‘tomorrow 5pm’",
    ],
    "2026-11-24 17:30": [
        "tomorrow 17h30",
    ],
    "2026-11-24 19:30": [
        "tomorrow evening 7:30",
    ],
    "2026-11-25 09:00": [
        "day after tomorrow",
    ],
    "2026-11-25 10:00": [
        "the day after tomorrow at 10",
    ],
    "2026-11-26 15:00": [
        "in 3 days", "in 3 days' time", "3 days from today",
    ],
    "2026-11-26 17:00": [
        "in 3 days at 17:00",
    ],
    "2026-11-27 09:00": [
        "fri", "Friday,", "this friday", "friday 9:00", "9:00 on fri",
    ],
    "2026-11-27 12:00": [
        "friday, noon",
    ],
    "2026-11-27 14:00": [
        "friday afternoon",
    ],
    "2026-11-27 17:00": [
        "friday eod", "end of business friday", "friday at 17",
    ],
    "2026-11-27 20:00": [
        "friday night",
    ],
    "2026-11-30 09:00": [
        "monday at 9", "next monday", "next week",
    ],
    "2026-11-30 10:00": [
        "monday 9am UTC",
    ],
    "2026-11-30 14:00": [
        "monday 14:00",
    ],
    "2026-11-30 15:00": [
        "in a week",
    ],
    "2026-11-30 18:00": [
        "next mon 18:00",
    ],
    "2026-12-01 09:00": [
        "tuesday next week", "dec 1", "1 Dec 2026", "the 1st of december", "1. Dec.", "1.12.2026",
        "2026-12-01 09:00", "2026-12-01", "2026–12–01", "a week from tomorrow",
    ],
    "2026-12-01 09:30": [
        "2026-12-01T09:30",
    ],
    "2026-12-01 10:00": [
        "2026-12-01T09:00Z",
    ],
    "2026-12-01 15:00": [
        "2026-12-01T09:00:00.000-05:00",
    ],
    "2026-12-01 17:00": [
        "December 1st, 2026 at 5:00 PM", "2026-12-01 at 5pm",
    ],
    "2026-12-03 10:00": [
        "on the 3rd at 10",
    ],
    "2026-12-04 09:00": [
        "next week friday", "fri dec 4", "friday the 4th",
    ],
    "2026-12-07 15:00": [
        "two weeks",
    ],
    "2026-12-10 14:00": [
        "10.12. 14:00",
    ],
    "2026-12-20 09:00": [
        "the 20th",
    ],
    "2026-12-23 15:00": [
        "1 month",
    ],
    "2026-12-25 09:00": [
        "12/25",
    ],
    "2026-12-31 09:00": [
        "the 31st",
    ],
    "2027-01-01 09:00": [
        "first of january",
    ],
    "2027-02-10 13:00": [
        "10 feb 1pm cet",
    ],
    "2027-02-10 13:55": [
        "Wed 10 Feb, 13:55 CET",
    ],
    "2027-02-13 09:00": [
        "13/2/2027", "2/13/2027",
    ],
    "2027-11-23 15:00": [
        "in a year",
    ],
}  # fmt: skip

TIMES = [(words, local) for local, every in _TIMES.items() for words in every]

OVER = ["today 9:00", "yesterday", "nov 1", "this morning", "2020-01-01", "eod yesterday"]

AMBIGUOUS = [
    ("1/2/2027", ["2027-01-02 09:00", "2027-02-01 09:00"]),
    ("next friday", ["2026-11-27 09:00", "2026-12-04 09:00"]),
    ("tomorrow at 5", ["2026-11-24 05:00", "2026-11-24 17:00"]),
    ("5:30", ["2026-11-23 17:30", "2026-11-24 05:30"]),
    ("3 o'clock", ["2026-11-24 03:00", "2026-11-24 15:00"]),
    ("2:30", ["2026-11-24 02:30", "2026-11-24 14:30"]),
    ("at 9", ["2026-11-23 21:00", "2026-11-24 09:00"]),
    ("half past five", ["2026-11-23 17:30", "2026-11-24 05:30"]),
    ("quarter to 6", ["2026-11-23 17:45", "2026-11-24 05:45"]),
    ("friday midnight", ["2026-11-27 00:00", "2026-11-28 00:00"]),
    ("end of week", ["2026-11-27 17:00", "2026-11-29 23:59"]),
    ("end of the month", ["2026-11-30 17:00", "2026-11-30 23:59"]),
    ("13.12.", ["2026-11-24 13:12", "2026-12-13 09:00"]),
    ("17h30", ["2026-11-23 17:30", "2026-11-24 08:30"]),
    ("1700 hours", ["2026-11-23 17:00", "2027-02-02 11:00"]),
    ("9:00 IST", ["2026-11-24 04:30", "2026-11-24 08:00", "2026-11-24 10:00"]),
    ("9:00 CST", ["2026-11-23 16:00", "2026-11-24 02:00", "2026-11-24 15:00"]),
    ("9:00 BST", ["2026-11-24 04:00", "2026-11-24 10:00"]),
    ("9am EDT", ["2026-11-24 14:00", "2026-11-24 15:00"]),
]

NO_TIMES = [
    "", " ", ".", "soon", "5", "17", "9", "1730", "fri 5", "friday 17", "dec", "may", "in 2", "in", "at", "next",
    "a", "2026", "13pm", "0am", "25:00", "24:00", "9:60", "9:5", "fri sat", "tomorrow tomorrow", "5pm 6pm",
    "mon 4 dec", "2026-13-01", "2026-02-30", "30 feb", "1.5", "8.15", "1.1", "24/7", "5-6pm", "9:00-10:00",
    "9:00 -11", "9 to 5", "10 to 11 tomorrow", "5ish", "around 5pm", "about noon", "after 5pm", "before friday",
    "asap", "now", "later", "in a second", "in a moment", "a few hours", "a couple of hours", "2h or 3h",
    "a day or two", "half a day", "weekend", "in 2 business days", "2 days ago", "-2h", "every 2h", "morning",
    "night", "at night", "utc", "tomorrow utc", "in 2h utc", "2h tomorrow morning", "2² h",
    "17:00 in the morning", "2pm tomorrow morning", "5 people", "tomorrow 5 people", "12 monkeys", "1h 1h",
    "1 day 1 day", ".5h", "1,000 hours", "second", "the second", "sev 1", "v1.2.3", "#5", "run 12",
    "10:30am-ish", "half nine", "@bob", "mond", "frida", "decem 3",
]  # fmt: skip

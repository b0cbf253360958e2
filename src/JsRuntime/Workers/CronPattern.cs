using System.Globalization;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// When a worker is to be called: <c>minute hour day month weekday</c>, each <c>*</c>, a number, a name, a range, a step or
/// a list of them, in UTC. As in cron, a day is right when day or weekday is, where both are said.
/// </summary>
public sealed class CronPattern
{
    private const int TextLengthMax = 100;

    /// <summary>No pattern waits longer for its day: the 29th of February may be eight years away.</summary>
    private const int DaysMax = 366 * 9;

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly bool[] minutes, hours, days, months, weekdays;
    private readonly bool isAnyDay, isAnyWeekday;

    private CronPattern(string text, string[] fields)
    {
        Text = text;
        minutes = Read(fields[0], 0, 59, []);
        hours = Read(fields[1], 0, 23, []);
        days = Read(fields[2], 1, 31, []);
        months = Read(fields[3], 1, 12, Months);
        weekdays = Read(fields[4], 0, 7, Weekdays);
        weekdays[0] |= weekdays[7];
        (isAnyDay, isAnyWeekday) = (fields[2].StartsWith('*'), fields[4].StartsWith('*'));
    }

    public string Text { get; }

    /// <summary>Reads a pattern; false, with what is wrong with it, when it is none or never comes.</summary>
    public static bool TryRead(string text, out CronPattern? pattern, out string? problem)
    {
        (pattern, problem) = (null, null);
        var fields = text.Length > TextLengthMax ? [] : text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            problem = "A cron pattern has five fields: minute hour day month weekday, such as */10 * * * *";
            return false;
        }

        try
        {
            pattern = new CronPattern(text, fields);
        }
        catch (FormatException e)
        {
            problem = e.Message;
            return false;
        }

        problem = pattern.Next(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)) is null ? "This day never comes" : null;
        return problem is null;
    }

    /// <summary>The first minute after a time that fits; null when none does.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var start = after.ToUniversalTime();
        start = new DateTimeOffset(start.Year, start.Month, start.Day, start.Hour, start.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        var day = new DateTimeOffset(start.Date, TimeSpan.Zero);
        for (var i = 0; i < DaysMax; i++, day = day.AddDays(1))
        {
            for (var minute = day.Date == start.Date ? start.Hour * 60 + start.Minute : 0; Fits(day) && minute < 24 * 60; minute++)
            {
                if (hours[minute / 60] && minutes[minute % 60])
                {
                    return day.AddMinutes(minute);
                }
            }
        }

        return null;
    }

    private bool Fits(DateTimeOffset day)
    {
        var (isDay, isWeekday) = (days[day.Day], weekdays[(int)day.DayOfWeek]);
        return months[day.Month] && (isAnyDay || isAnyWeekday ? isDay && isWeekday : isDay || isWeekday);
    }

    private static bool[] Read(string field, int first, int last, string[] names)
    {
        var chosen = new bool[last + 1];
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 0),
                [var all, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 => (all, n),
                _ => throw Wrong(part),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (first, last),
                [var one] when step > 0 => (Number(one), last),
                [var one] => (Number(one), Number(one)),
                [var one, var other] => (Number(one), Number(other)),
                _ => throw Wrong(part),
            };
            if (from > to || from < first || to > last)
            {
                throw Wrong(part);
            }

            for (var i = from; i <= to; i += Math.Max(1, step))
            {
                chosen[i] = true;
            }
        }

        return chosen;

        int Number(string text)
        {
            var name = Array.IndexOf(names, text.ToLowerInvariant());
            return name >= 0 ? name + first
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw Wrong(text);
        }

        FormatException Wrong(string text) => new(
            $"'{text}' is not {first} to {last}{(names.Length > 0 ? $" or {names[0]} …" : "")}, a range, a step or *");
    }
}

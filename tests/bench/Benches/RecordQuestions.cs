using Remix.AgentCloud.Records;

namespace Remix.Bench.Benches;

/// <summary>What people ask of a million records: each a query, what part of it varies, and how many rows it finds at least.</summary>
internal sealed record RecordQuestion(string Says, Func<Random, string> Text, int Least, string? Recordset = null, bool IsPast = false)
{
    public const int Count = 1_000_000;

    /// <summary>One record in so many is in the recordset <c>rare</c>.</summary>
    public const int RareEvery = 1000;

    public static readonly IReadOnlyList<string> Cities = [.. Enumerable.Range(0, 200).Select(n => $"city-{n}")];

    /// <summary>Bounded by 10 ms, as the median.</summary>
    public static readonly IReadOnlyList<RecordQuestion> All =
    [
        new("text == (1 record)", random => $"name == \"name-{random.Next(Count)}\"", 1),
        new("number == (10 records)", random => $"score == {Score(random)} | limit 100", 0),
        new("text == (5,000), first 100", random => $"city == {City(random)} | limit 100", 100),
        new("number > (half), first 100", random => $"score > {Count / 20 + random.Next(99)} | limit 100", 100),
        new("number between, first 20", random => $"score >= {Score(random)} and score < {Count / 10} | limit 20", 0),
        new("like, first 20", random => $"name like \"name-{random.Next(10_000, 99_999)}\" | limit 20", 1),
        new("in (3 of 200), first 100", random => $"city in [{City(random)}, {City(random)}, {City(random)}] | limit 100", 100),
        new("!=, first 20", random => $"city != {City(random)} | limit 20", 20),
        new("nested == (100)", random => $"address.zip == \"{random.Next(10_000):0000}\" | limit 100", 50),
        new("list contains (6,000), first 20", random => $"tags contains \"tag-{random.Next(500)}\" | limit 20", 20),
        new("two texts or numbers, or", random => $"city == {City(random)} or score == {Score(random)} | limit 20", 20),
        new("half and 5,000, first 20", random => $"active == true and city == {City(random)} | limit 20", 20),
        new("half and half, first 20", _ => "active == true and score > 50000 | limit 20", 20),
        new("exists, first 20", _ => "exists name | limit 20", 20),
        new("not exists (1,000)", _ => "not exists score | limit 20", 20),
        new("ordered, last 20", random => $"orderDesc score | skip {random.Next(50)} | limit 20", 20),
        new("10, ordered by another", random => $"score == {Score(random)} | orderAsc name | limit 20", 0),
        new("5,000, ordered by another", random => $"city == {City(random)} | orderDesc score | limit 20", 20),
        new("half, ordered by another", _ => "active == true | orderAsc name | limit 20", 20),
        new("ordered by two", _ => "orderAsc city, score | limit 20", 20),
        new("ordered by a field, then newest", _ => "orderDesc city, _rmx_created_at | limit 20", 20),
        new("newest 20", _ => "reverse | limit 20", 20),
        new("by time of change, last 20", _ => "orderDesc _rmx_last_modified_at | limit 20", 20),
        new("by time of making, first 20", _ => "orderAsc _rmx_created_at | limit 20", 20),
        new("since a time, first 20", _ => "_rmx_created_at > \"2026-01-01\" | limit 20", 20),
        new("by who made it", _ => "_rmx_created_by == \"bench\" | limit 20", 20),
        new("by who made it (nobody)", _ => "_rmx_created_by == \"nobody\" | limit 20", 0),
        new("of a recordset of 1,000, first 20", _ => "limit 20", 20, "rare"),
        new("of a recordset of 1,000, == ", random => $"city == {City(random)} | limit 20", 0, "rare"),
        new("of a recordset of 1,000, ordered", _ => "orderDesc score | limit 20", 20, "rare"),
        new("of a recordset of 1,000, ordered by name", _ => "orderAsc name | limit 20", 20, "rare"),
        new("of a recordset of 1,000, ordered by time", _ => "orderDesc _rmx_created_at | limit 20", 20, "rare"),
        new("of the large recordset, ordered", _ => "orderDesc score | limit 20", 20, Record.RecordsetDefault),
        new("of no recordset, ordered", _ => "orderDesc score | limit 20", 0, "none"),
        new("count of a recordset of 1,000", _ => "count", 1, "rare"),
        new("count of 5,000", random => $"city == {City(random)} | count", 1),
        new("count of half of 5,000", random => $"active == true and city == {City(random)} | count", 1),
        new("past: == (10)", random => $"score == {Score(random)} | limit 20", 0, IsPast: true),
        new("past: == (5,000), first 20", random => $"city == {City(random)} | limit 20", 20, IsPast: true),
        new("past: first 20", _ => "limit 20", 20, IsPast: true),
    ];

    /// <summary>What must look at all: bounded by the time that a query may take, and measured without a bound.</summary>
    public static readonly IReadOnlyList<RecordQuestion> OfAll =
    [
        new("count", _ => "count", 1),
        new("count of half", _ => "active == true | count", 1),
        new("group (200)", _ => "group city", 200),
        new("text contains (1)", random => $"name contains \"{random.Next(100_000, Count)}\" | limit 20", 1),
        new("text contains (nothing)", _ => "name contains \"nowhere\" | limit 20", 0),
        new("past: ordered", _ => "orderDesc score | limit 20", 20, IsPast: true),
    ];

    public static string City(Random random) => $"\"{Cities[random.Next(Cities.Count)]}\"";

    private static int Score(Random random) => random.Next(Count / 10);
}

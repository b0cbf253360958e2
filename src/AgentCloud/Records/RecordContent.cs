using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Remix.AgentCloud.Apps;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Records;

/// <summary>One value of a record's content, for the index.</summary>
/// <param name="Field">The hash of its path.</param>
internal readonly record struct FieldEntry(long Field, FieldValue Value);

/// <summary>
/// What a record holds, written in one way only (names in their order, numbers as JavaScript's doubles), so that the same
/// content is the same text; and what the index keeps of it.
/// </summary>
internal sealed class RecordContent
{
    public const int BytesMax = 256 * 1024;
    public const int DepthMax = 32;
    public const int EntriesMax = 2000;

    /// <summary>Of a longer list, queries see that it is there, but not what is in it.</summary>
    public const int ListIndexedMax = 100;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The names a record shows its own facts under. Whoever sends them back changes nothing by it.</summary>
    private static readonly HashSet<string> Shown = new(SystemField.All, StringComparer.Ordinal);

    private readonly List<Issue> issues;
    private readonly List<FieldEntry> entries = [];

    private RecordContent(List<Issue> issues) => this.issues = issues;

    /// <summary>Canonical JSON of an object.</summary>
    public string Json { get; private set; } = "{}";

    public IReadOnlyList<FieldEntry> Entries => entries;

    /// <summary>The content, or all that is wrong with it.</summary>
    public static RecordContent Read(JsonElement content)
    {
        var issues = new List<Issue>();
        var read = Read(content, issues, []);
        return issues.Count == 0 ? read : throw Fault.Invalid(issues);
    }

    /// <summary>The content; what is wrong with it is added to the issues, at most a few dozen of them.</summary>
    public static RecordContent Read(JsonElement content, List<Issue> issues, IReadOnlyList<object> path)
    {
        var read = new RecordContent(issues);
        if (content.ValueKind != JsonValueKind.Object || Tagged.TagOf(content) is not null)
        {
            read.Problem(path, "A record is an object of named fields", "invalid_type");
            return read;
        }

        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(bytes, Writing);
            read.Map(json, content, [], path, isTop: true);
        }
        catch (InvalidOperationException)
        {
            // So JsonElement refuses an escape that is half a character.
            read.Problem(path, "Names and texts must be valid Unicode", "invalid_string");
        }

        if (bytes.WrittenCount > BytesMax)
        {
            read.Problem(path, $"A record has at most {BytesMax / 1024} KB of JSON; put what is larger into a file", "too_big");
        }

        if (read.entries.Count > EntriesMax)
        {
            read.Problem(path, $"A record has at most {EntriesMax} fields and elements of short lists", "too_big");
        }

        read.Json = Encoding.UTF8.GetString(bytes.WrittenSpan);
        return read;
    }

    private void Map(Utf8JsonWriter json, JsonElement map, IReadOnlyList<string> names, IReadOnlyList<object> path, bool isTop)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Members(map, path, isTop))
        {
            json.WritePropertyName(name);
            var isNamed = names.Count < FieldPath.DepthMax && names is not Unnamed;
            Any(json, value, isNamed ? (IReadOnlyList<string>)[.. names, name] : Unnamed.Path, [.. path, name]);
        }

        json.WriteEndObject();
    }

    /// <summary>The members in the order of their names; of two with one name, the later.</summary>
    private SortedDictionary<string, JsonElement> Members(JsonElement map, IReadOnlyList<object> path, bool isTop)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in map.EnumerateObject())
        {
            if (!TextIsGood(member.Name) || member.Name.Length > FieldPath.NameLengthMax)
            {
                Problem(path, $"A field's name has at most {FieldPath.NameLengthMax} characters of valid Unicode, and no NUL", "invalid_string");
            }
            else if (isTop && member.Name.StartsWith(App.Reserved, StringComparison.Ordinal))
            {
                if (!Shown.Contains(member.Name))
                {
                    Problem([.. path, member.Name], "Names that begin with _rmx_ are the system's", "invalid_string");
                }
            }
            else
            {
                members[member.Name] = member.Value;
            }
        }

        return members;
    }

    private void Any(Utf8JsonWriter json, JsonElement value, IReadOnlyList<string> names, IReadOnlyList<object> path)
    {
        if (path.Count > DepthMax)
        {
            json.WriteNullValue();
            Problem(path, $"A record is at most {DepthMax} levels deep", "too_big");
            return;
        }

        if (Scalar(json, value, path) is { } scalar)
        {
            Index(names, scalar);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            Index(names, FieldValue.List(value.GetArrayLength()));
            List(json, value, names, path);
        }
        else if (Tagged.TagOf(value) is not { } tag || !Tagged.IsUndefined(tag))
        {
            Index(names, FieldValue.Map);
            Map(json, value, names, path, isTop: false);
        }
        else
        {
            Map(json, value, Unnamed.Path, path, isTop: false);
        }
    }

    private void List(Utf8JsonWriter json, JsonElement list, IReadOnlyList<string> names, IReadOnlyList<object> path)
    {
        var elements = names is not Unnamed && list.GetArrayLength() <= ListIndexedMax ? new FieldPath(names).Elements : (long?)null;
        json.WriteStartArray();
        var index = 0;
        var seen = new HashSet<FieldValue>();
        foreach (var element in list.EnumerateArray())
        {
            IReadOnlyList<object> place = [.. path, index++];
            var value = Scalar(json, element, place);
            if (value is null)
            {
                Any(json, element, Unnamed.Path, place);
            }

            // What occurs twice is there once.
            if (elements is { } field && seen.Add(value ?? FieldValue.Map) && entries.Count <= EntriesMax)
            {
                entries.Add(new FieldEntry(field, value ?? FieldValue.Map));
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what is neither a list nor a map; null when it is one, and nothing is written.</summary>
    private FieldValue? Scalar(Utf8JsonWriter json, JsonElement value, IReadOnlyList<object> path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                json.WriteNullValue();
                return FieldValue.Null;
            case JsonValueKind.True or JsonValueKind.False:
                json.WriteBooleanValue(value.GetBoolean());
                return FieldValue.Bool(value.GetBoolean());
            case JsonValueKind.Number:
                return Number(json, value, path);
            case JsonValueKind.String:
                return Text(json, value, path);
            case JsonValueKind.Object when Tagged.TagOf(value) is { } tag:
                return TaggedValue(json, tag, value, path);
            default:
                return null;
        }
    }

    private FieldValue Number(Utf8JsonWriter json, JsonElement value, IReadOnlyList<object> path)
    {
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            Problem(path, "A number must fit into 64 bits, as JavaScript has it", "too_big");
            number = 0;
        }

        number = number == 0 ? 0 : number;
        json.WriteNumberValue(number);
        return FieldValue.Number(number);
    }

    private FieldValue Text(Utf8JsonWriter json, JsonElement value, IReadOnlyList<object> path)
    {
        var text = value.GetString()!;
        if (!TextIsGood(text))
        {
            Problem(path, "A text must be valid Unicode without NUL characters", "invalid_string");
            text = "";
        }

        json.WriteStringValue(text);
        return FieldValue.Text(text);
    }

    private FieldValue? TaggedValue(Utf8JsonWriter json, string tag, JsonElement value, IReadOnlyList<object> path)
    {
        if (Tagged.Problem(tag, value) is { } problem)
        {
            Problem(path, problem, "invalid_string");
            json.WriteNullValue();
            return FieldValue.Null;
        }

        if (Tagged.Read(tag, value) is not { } read)
        {
            return null;
        }

        json.WriteStartObject();
        foreach (var (name, member) in Members(value, path, isTop: false))
        {
            json.WritePropertyName(name);
            Any(json, member, Unnamed.Path, [.. path, name]);
        }

        json.WriteEndObject();
        return read;
    }

    private void Index(IReadOnlyList<string> names, FieldValue value)
    {
        if (names is not Unnamed && entries.Count <= EntriesMax)
        {
            entries.Add(new FieldEntry(new FieldPath(names).Field, value));
        }
    }

    private void Problem(IReadOnlyList<object> path, string message, string code)
    {
        if (issues.Count < 50)
        {
            issues.Add(new Issue(code, path, message));
        }
    }

    internal static bool TextIsGood(string text)
    {
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (rest[0] == '\0' || Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>Where the index does not reach: too deep, inside a list, inside a tagged value.</summary>
    private sealed class Unnamed : List<string>
    {
        public static readonly Unnamed Path = [];
    }
}

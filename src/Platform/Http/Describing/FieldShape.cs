namespace Remix.Platform.Http.Describing;

internal enum FieldKind
{
    String,
    Integer,
    Real,
    Boolean,
    Uuid,
    Time,
    Texts,
    Object,
    Array,
}

/// <summary>One form that a field may take.</summary>
internal sealed record FieldType(FieldKind Kind)
{
    /// <summary>Of a number its least value, of a text its least length.</summary>
    public long? Min { get; init; }

    /// <summary>Of a number its greatest value, of a text its greatest length, of a list how many it may hold.</summary>
    public long? Max { get; init; }

    /// <summary>Of a list of texts, how long each may be.</summary>
    public int? TextMax { get; init; }

    /// <summary>The words that are taken, where only some are.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    public long? Default { get; init; }

    /// <summary>What the other words of JSON Schema cannot say.</summary>
    public string? Note { get; init; }
}

/// <summary>A field that a record reads, in every form that it takes there.</summary>
internal sealed class FieldShape(string name)
{
    private readonly List<FieldType> types = [];

    public string Name => name;

    public IReadOnlyList<FieldType> Types => types;

    /// <summary>Whether the record looked at the value itself, to find out which form it has.</summary>
    public bool IsRaw { get; set; }

    /// <summary>Whether null is taken: as if the field were not there, or to clear what was.</summary>
    public bool IsNullable { get; set; }

    /// <summary>The fields of the object, or of each object of the array.</summary>
    public FieldShapes? Inner { get; set; }

    /// <summary>What is said of a form first counts.</summary>
    public void Add(FieldType type)
    {
        if (types.TrueForAll(known => known.Kind != type.Kind))
        {
            types.Add(type);
        }
    }
}

/// <summary>
/// The fields that a record reads, in its order, written down by <see cref="Fields"/> over several readings: required is
/// what every one of them wanted.
/// </summary>
internal sealed class FieldShapes
{
    private readonly List<FieldShape> fields = [];
    private HashSet<string>? required;
    private HashSet<string>? wanted;

    public IReadOnlyList<FieldShape> All => fields;

    /// <summary>Whether the names are the sender's own: <see cref="All"/> then shows one of them.</summary>
    public bool IsMap { get; set; }

    public bool IsRequired(FieldShape field) => required?.Contains(field.Name) == true;

    public FieldShape Of(string name)
    {
        var field = fields.Find(known => known.Name == name);
        if (field is null)
        {
            fields.Add(field = new FieldShape(name));
        }

        return field;
    }

    public void Require(string name)
    {
        Of(name);
        wanted?.Add(name);
    }

    public void Begin() => wanted = new(StringComparer.Ordinal);

    /// <summary>A reading that was given up half-way says nothing of what it would have wanted.</summary>
    public void End(bool isWhole)
    {
        if (wanted is not null && isWhole)
        {
            (required ??= new(wanted, StringComparer.Ordinal)).IntersectWith(wanted);
        }

        wanted = null;
        fields.ForEach(field => field.Inner?.End(isWhole));
    }
}

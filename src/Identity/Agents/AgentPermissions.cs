using System.Text.Json;
using Remix.Platform.Data;
using Remix.Platform.Http;

namespace Remix.Identity.Agents;

/// <summary>What an agent's token may do in rooms.</summary>
public enum AgentAction
{
    Read,
    Send,
    Join,
    Invite,
    Moderate,
    Manage,
    Meet,
    Files,
}

/// <summary>
/// An agent's permissions: <c>"*"</c>, or <c>{"rooms": [patterns], "actions": [actions]}</c>, where either may be left
/// out for all and a pattern may hold <c>*</c> for any characters. To leave a room needs no permission.
/// </summary>
public sealed class AgentPermissions
{
    private const int RoomsMax = 200;
    private const string Everything = "*";

    public static readonly AgentPermissions All = new(null, null);

    private readonly string[]? rooms;
    private readonly AgentAction[]? actions;

    private AgentPermissions(string[]? rooms, AgentAction[]? actions)
    {
        (this.rooms, this.actions) = (rooms, actions);
    }

    /// <summary>Whether they say which rooms; else they are for all.</summary>
    public bool NameRooms => rooms is not null;

    public bool Allows(AgentAction action) => actions is null || actions.Contains(action);

    public bool AllowsRoom(string roomId) => rooms is null || rooms.Any(pattern => Fits(pattern, roomId));

    public static AgentPermissions Parse(string stored)
    {
        using var document = JsonDocument.Parse(stored);
        return document.RootElement.ValueKind == JsonValueKind.String ? All : OfObject(Fields.OfBody(document.RootElement));
    }

    /// <summary>The stored form; missing means everything.</summary>
    public string ToJson() => ToView().GetRawText();

    public JsonElement ToView()
    {
        if (rooms is null && actions is null)
        {
            return RemixJson.Element(Everything);
        }

        var view = new Dictionary<string, object>(StringComparer.Ordinal);
        if (rooms is not null)
        {
            view["rooms"] = rooms;
        }

        if (actions is not null)
        {
            view["actions"] = actions;
        }

        return RemixJson.Element(view);
    }

    /// <summary>Reads the field of a body; null when it is not there.</summary>
    public static AgentPermissions? Read(Fields fields, string field)
    {
        if (fields.Read(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            if (value.GetString() is not (Everything or ""))
            {
                fields.Problem(field, "Expected \"*\" for everything, or an object {\"rooms\": [...], \"actions\": [...]}");
            }

            return All;
        }

        return fields.Object(field) is { } inner ? OfObject(inner) : null;
    }

    private static AgentPermissions OfObject(Fields fields)
    {
        var rooms = fields.Texts("rooms", RoomsMax, 150);
        var actions = fields.Texts("actions", 20, 20);
        var known = new List<AgentAction>();
        foreach (var (action, index) in (actions ?? []).Select((action, index) => (action, index)))
        {
            if (EnumText.TryParse<AgentAction>(action, out var parsed))
            {
                known.Add(parsed);
            }
            else
            {
                fields.Problem("actions", index,
                    $"Expected {string.Join(" | ", EnumText.All<AgentAction>())}, received '{action}'", "invalid_enum_value");
            }
        }

        return new AgentPermissions(rooms, actions is null ? null : [.. known]);
    }

    /// <summary>Greedy match with one place to come back to: linear in practice, never exponential.</summary>
    private static bool Fits(string pattern, string text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}

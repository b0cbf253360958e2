namespace Remix.AgentCloud.Permissions;

/// <summary>What one can do in a workspace, an app, or with an agent.</summary>
internal enum Right
{
    Run,
    Export,
    Read,
    Write,
    GrantPermissions,
    Delete,
    CreateDb,
}

/// <summary>A bundle of rights, which is what is granted.</summary>
internal enum Role
{
    Runner,
    Editor,
    Admin,
    DbCreator,
}

/// <summary>The roles: how they are written, what they allow, and on what they can be granted.</summary>
internal static class Roles
{
    private static readonly Right[] OfEditor = [Right.Run, Right.Export, Right.Read, Right.Write];
    private static readonly Right[] OfAdmin = [.. OfEditor, Right.GrantPermissions, Right.Delete, Right.CreateDb];

    /// <summary>As they are written, from the least to the most.</summary>
    public static readonly IReadOnlyList<string> Texts = ["runner", "editor", "admin", "db/creator"];

    public static string Text(this Role role) => Texts[(int)role];

    public static Role? Parse(string? text)
    {
        for (var i = 0; i < Texts.Count; i++)
        {
            if (Texts[i] == text)
            {
                return (Role)i;
            }
        }

        return null;
    }

    public static IReadOnlyList<Right> Rights(this Role role) => role switch
    {
        Role.Runner => [Right.Run],
        Role.Editor => OfEditor,
        Role.Admin => OfAdmin,
        _ => [Right.CreateDb],
    };

    /// <summary>Whether the role can be granted on such a resource.</summary>
    public static bool AppliesTo(this Role role, Resource resource) => role switch
    {
        Role.Runner => true,
        Role.DbCreator => resource.App.Length == 0,
        _ => resource.Agent.Length == 0,
    };
}

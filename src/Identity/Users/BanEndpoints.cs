using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Data;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Text;

namespace Remix.Identity.Users;

/// <summary>A platform admin keeps a user from publishing by API key, and lets them again.</summary>
internal static class BanEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users/{userId}/ban").WithTags("identity");
        users.MapPut("", Ban).Needs(TokenKind.User).WithSummary("Keep a user from publishing by API key; for platform admins");
        users.MapDelete("", Unban).Needs(TokenKind.User).WithSummary("Let them publish again; for platform admins");
    }

    private static Task<OkView> Ban(string userId, Caller caller, Database database, TimeProvider clock) =>
        Set(userId, caller, database, clock.NowMs());

    private static Task<OkView> Unban(string userId, Caller caller, Database database) => Set(userId, caller, database, null);

    private static async Task<OkView> Set(string userId, Caller caller, Database database, long? since)
    {
        if (!caller.IsPlatformAdmin)
        {
            throw Fault.Forbidden("Only a platform admin may do this");
        }

        var found = await database.Write(session => session.Execute("update users set banned_at = $1 where user_id = $2", since, userId));
        return found > 0 ? new OkView(true) : throw Fault.NotFound("User");
    }
}

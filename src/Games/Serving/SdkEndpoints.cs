using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Remix.Games.Serving;

/// <summary>The SDK on our own address, for those who build games elsewhere.</summary>
internal static class SdkEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/sdk/game").WithTags("games");
        files.MapGet("/game-sdk.js", (HttpContext context) => Send(context, SdkFiles.Script, "text/javascript"))
            .WithSummary("The game SDK as a script: window.RemixSDK and window.FarcadeSDK").Produces<string>(200, "text/javascript");
        files.MapGet("/game-sdk.mjs", (HttpContext context) => Send(context, SdkFiles.Module, "text/javascript"))
            .WithSummary("The game SDK as a module").Produces<string>(200, "text/javascript");
        files.MapGet("/game-sdk.d.ts", (HttpContext context) => Send(context, SdkFiles.Types, "text/plain"))
            .WithSummary("Its types").Produces<string>(200, "text/plain");
    }

    private static IResult Send(HttpContext context, string content, string type)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Text(content, $"{type}; charset=utf-8");
    }
}

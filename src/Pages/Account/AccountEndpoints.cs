using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity;
using Remix.Identity.ApiKeys;
using Remix.Pages.Shared;
using Remix.Platform.Faults;
using Remix.Platform.Limits;
using Remix.Platform.Settings;

namespace Remix.Pages.Account;

/// <summary>Signing in with a token, making an account, signing out. Forms, so that they work without a script.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").WithTags(PageFaults.Tag).ExcludeFromDescription();
        pages.MapGet("/login", Login);
        pages.MapPost("/login", SignIn).Limited(AuthLimits.Attempts).DisableAntiforgery();
        pages.MapPost("/login/new", Register).Limited(AuthLimits.Registrations).DisableAntiforgery();
        pages.MapPost("/logout", SignOut).DisableAntiforgery();
        pages.MapGet("/account", Account);
    }

    private static IResult Login(PageContext page, HttpRequest request) =>
        page.Page<LoginPage>(new { Model = new LoginModel(page.Visitor, PageContext.LocalPath(request.Query["next"])) });

    private static async Task<IResult> SignIn(PageContext page, HttpContext context, Callers callers, RemixSettings settings)
    {
        RequireOwnPage(context.Request, settings);
        var form = await PageForm.Read(context, "the API with the token in the header Authorization");
        var (token, next) = (form["token"].ToString().Trim(), PageContext.LocalPath(form["next"]));
        var caller = await callers.Find(token);
        if (caller is { IsUser: true })
        {
            SessionCookie.Set(context.Response, token, settings);
            return TypedResults.LocalRedirect(next);
        }

        var problem = token.Length == 0 ? "Paste your token here." : caller is null ? "This token is not known here. Check that it is whole."
            : "This is an agent's token. Signing in takes the user's own.";
        return page.Page<LoginPage>(new { Model = new LoginModel(page.Visitor, next, TokenProblem: problem) },
            StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> Register(PageContext page, HttpContext context, Accounts accounts, RemixSettings settings)
    {
        RequireOwnPage(context.Request, settings);
        var form = await PageForm.Read(context, "POST /register");
        var (userId, next) = (form["user_id"].ToString().Trim(), PageContext.LocalPath(form["next"]));
        try
        {
            var secrets = await accounts.Register(userId);
            SessionCookie.Set(context.Response, secrets.Token, settings);
            var visitor = page.Visitor with { UserId = userId };
            var shown = page.Page<NewAccountPage>(new { Model = new NewAccountModel(visitor, secrets.Token, secrets.PublicKey, secrets.PrivateKey, next) });
            context.Response.Headers.CacheControl = "private, no-store";
            return shown;
        }
        catch (Fault fault) when (fault.Status is 400 or 409)
        {
            var problem = fault.Details is [var issue, ..] ? issue.Message : $"{fault.Message}. Choose another one.";
            return page.Page<LoginPage>(new { Model = new LoginModel(page.Visitor, next, UserIdProblem: problem, UserId: userId) },
                StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static IResult SignOut(HttpContext context, RemixSettings settings)
    {
        RequireOwnPage(context.Request, settings);
        SessionCookie.Clear(context.Response);
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<IResult> Account(PageContext page, Caller caller, ApiKeyStore keys) => caller.IsUser
        ? page.Page<AccountPage>(new { page.Visitor, Keys = await keys.Of(caller.RequireUserId()) })
        : TypedResults.LocalRedirect("/login?next=/account");

    /// <summary>
    /// A form sent from another site must not sign anybody in or out. Browsers say where a form comes from; a program, which
    /// nobody can lure anywhere, says nothing.
    /// </summary>
    private static void RequireOwnPage(HttpRequest request, RemixSettings settings)
    {
        var headers = request.Headers;
        var isBrowser = headers.Origin.Count > 0 || headers.Referer.Count > 0 || headers.ContainsKey("Sec-Fetch-Site");
        if (isBrowser && !SessionCookie.ComesFromOurPages(request, settings))
        {
            throw Fault.Forbidden("This form was sent from another site", "Open the page here and send it again.");
        }
    }
}

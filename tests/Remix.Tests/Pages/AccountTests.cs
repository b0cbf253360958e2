using System.Text.RegularExpressions;
using Remix.Tests.Support;

namespace Remix.Tests.Pages;

/// <summary>Coming in, making an account and leaving, with forms and without a script.</summary>
public partial class AccountTests(World world) : IClassFixture<World>
{
    [GeneratedRegex("remix-token=(?<token>[^;]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cookie { get; }

    [Fact]
    public async Task Signing_in_with_a_token_sets_a_cookie_that_scripts_cannot_read()
    {
        var answer = await Form("/login", ("token", $" {world.Alice.Token}\n"), ("next", "/create?x=1"));
        Assert.Equal((302, "/create?x=1"), (answer.Status, answer.Header("Location")));
        var parts = answer.Header("Set-Cookie")!.ToLowerInvariant().Split("; ");
        Assert.Equal(["httponly", "max-age=2592000", "path=/", $"remix-token={world.Alice.Token}", "samesite=lax"],
            parts.Order(StringComparer.Ordinal));

        var cookie = ("Cookie", $"remix-token={world.Alice.Token}");
        Assert.Equal("alice", (await world.Nobody.Get("/auth/me", cookie)).Ok().String("user_id"));
        Assert.Contains("@alice", (await world.Nobody.Get("/account", cookie)).Ok().Text, StringComparison.Ordinal);
        Assert.Contains("data-user=\"alice\"", (await world.Nobody.Get("/", cookie)).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_said_so_beside_its_field_and_not_shown_again()
    {
        foreach (var (token, problem) in new[] { ("wrong-token", "not known"), ("", "Paste"), (world.Atlas.Token, "agent") })
        {
            var answer = await Form("/login", ("token", token), ("next", "/create"));
            Assert.Equal(422, answer.Status);
            Assert.Null(answer.Header("Set-Cookie"));
            Assert.Contains("id=\"token-problem\"", answer.Text, StringComparison.Ordinal);
            Assert.Contains(problem, answer.Text, StringComparison.Ordinal);
            Assert.Contains("name=\"next\" value=\"/create\"", answer.Text, StringComparison.Ordinal);
            Assert.True(token.Length == 0 || !answer.Text.Contains(token, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("evil.example")]
    [InlineData("")]
    public async Task Signing_in_leads_nowhere_else(string next)
    {
        Assert.Equal("/", (await Form("/login", ("token", world.Bob.Token), ("next", next))).Header("Location"));
        var page = (await world.Nobody.Get($"/login?next={Uri.EscapeDataString(next)}")).Ok().Text;
        Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://art-00000000-0000-0000-0000-000000000000.localhost")]
    [InlineData("Referer", "https://evil.example/form")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_form_from_elsewhere_signs_nobody_in_or_out(string header, string value)
    {
        var userId = world.FreshName("forged");
        foreach (var path in new[] { "/login", "/login/new", "/logout" })
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = world.Alice.Token, ["user_id"] = userId });
            var answer = await world.Nobody.Send(HttpMethod.Post, path, form, (header, value));
            Assert.Equal(403, answer.Status);
            Assert.Null(answer.Header("Set-Cookie"));
        }

        await world.NewUser(userId);
    }

    [Fact]
    public async Task A_program_that_comes_from_no_page_signs_in_as_well()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = world.Alice.Token });
        var answer = await world.Nobody.Send(HttpMethod.Post, "/login", form);
        Assert.Equal((302, "/"), (answer.Status, answer.Header("Location")));
        Assert.Contains("remix-token=", answer.Header("Set-Cookie"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Making_an_account_shows_its_secrets_once_and_signs_in()
    {
        var userId = world.FreshName("page");
        var answer = (await Form("/login/new", ("user_id", userId), ("next", "/create"))).Ok(200);
        var token = Cookie.Match(answer.Header("Set-Cookie")!).Groups["token"].Value;
        Assert.Contains(token, answer.Text, StringComparison.Ordinal);
        Assert.Contains("href=\"/create\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(userId, (await world.As(userId, token).Get("/auth/me")).Ok().String("user_id"));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("Not A Name")]
    [InlineData("<i>")]
    [InlineData("remix")]
    [InlineData("")]
    public async Task A_name_that_cannot_be_given_is_said_so_beside_its_field(string userId)
    {
        var answer = await Form("/login/new", ("user_id", userId));
        Assert.True(answer.Status == 422, answer.ToString());
        Assert.Contains("id=\"user-id-problem\"", answer.Text, StringComparison.Ordinal);
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.DoesNotContain("<i>", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_takes_the_cookie_away()
    {
        var answer = await Form("/logout");
        Assert.Equal((302, "/"), (answer.Status, answer.Header("Location")));
        Assert.Contains("remix-token=;", answer.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.Contains("expires=Thu, 01 Jan 1970", answer.Header("Set-Cookie"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_page_asks_strangers_to_come_in_first()
    {
        var answer = await world.Nobody.Get("/account");
        Assert.Equal((302, "/login?next=/account"), (answer.Status, answer.Header("Location")));
        Assert.Equal(302, (await world.Nobody.Get("/account", ("Cookie", "remix-token=stale"))).Status);
    }

    private async Task<Answer> Form(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await world.Nobody.Send(HttpMethod.Post, path, form, ("Origin", world.BaseUrl));
    }
}

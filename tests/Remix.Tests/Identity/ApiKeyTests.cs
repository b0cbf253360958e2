using Remix.Tests.Games;
using Remix.Tests.Support;

namespace Remix.Tests.Identity;

public class ApiKeyTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_key_is_shown_once_listed_by_its_first_letters_and_revocable()
    {
        var user = await world.NewUser();
        var made = (await user.Post("/me/api-keys", new { name = " laptop " })).Ok(201);
        Assert.Equal(["id", "name", "key", "created_at"], made.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("laptop", made.String("name"));
        Assert.Matches("^sk_live_[A-Za-z0-9]{40}$", made.String("key"));

        var listed = (await user.Get("/me/api-keys")).Ok();
        var known = Assert.Single(listed.Items);
        Assert.StartsWith(known.Text("prefix"), made.String("key"), StringComparison.Ordinal);
        Assert.DoesNotContain(made.String("key"), listed.Text, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, known.GetProperty("last_used").ValueKind);

        var key = world.As(user.Name, made.String("key"));
        (await key.Get($"{GameMaking.Api}/games")).Ok(200);
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, (await user.Get("/me/api-keys")).Items[0].GetProperty("last_used").ValueKind);

        (await world.Bob.Delete($"/me/api-keys/{made.String("id")}")).Refused(404, "NOT_FOUND");
        (await user.Delete($"/me/api-keys/{made.String("id")}")).Ok();
        (await user.Delete($"/me/api-keys/{made.String("id")}")).Refused(404, "NOT_FOUND");
        (await user.Delete("/me/api-keys/nonsense")).Refused(404, "NOT_FOUND");
        (await key.Get($"{GameMaking.Api}/games")).Denied(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Only_a_person_makes_keys_and_a_key_is_no_token()
    {
        (await world.Nobody.Post("/me/api-keys", new { name = "x" })).Refused(401, "TOKEN_MISSING");
        (await world.Atlas.Post("/me/api-keys", new { name = "x" })).Refused(403, "USER_TOKEN_NEEDED");
        (await world.Bob.Post("/me/api-keys", new { })).Invalid("name");
        (await world.Bob.Post("/me/api-keys", new { name = "  " })).Invalid("name");
        (await world.Bob.Post("/me/api-keys", new { name = new string('x', 81) })).Invalid("name");
        var key = await world.NewKey();
        (await key.Get("/auth/me")).Refused(401, "API_KEY_NOT_TAKEN");
        (await key.Get("/me/api-keys")).Refused(401, "API_KEY_NOT_TAKEN");
    }

    [Fact]
    public async Task There_is_an_end_to_keys()
    {
        var user = await world.NewUser();
        var answers = await Task.WhenAll(Enumerable.Range(0, 23).Select(_ => user.Post("/me/api-keys", new { name = "x" })));
        Assert.Equal(20, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Refused(409, "TOO_MANY_KEYS"));
    }
}

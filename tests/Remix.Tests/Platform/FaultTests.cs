using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Remix.Platform.Faults;
using Remix.Platform.Http.Ports;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class FaultTests(World world) : IClassFixture<World>
{
    [Theory]
    [InlineData(FaultDialect.Platform, """{"error":"Room not found","statusCode":404,"request_id":"rid","code":"NOT_FOUND","hint":"Look."}""")]
    [InlineData(FaultDialect.Games, """{"success":false,"error":{"code":"NOT_FOUND","message":"Room not found","details":null,"hint":"Look."}}""")]
    [InlineData(FaultDialect.AgentCloud,
        """{"ok":false,"kind":"message","message":"Room not found","request_id":"rid","code":"NOT_FOUND","hint":"Look."}""")]
    public void A_fault_is_written_in_the_dialect_of_its_route(FaultDialect dialect, string expected) =>
        Assert.Equal(expected, Remix.Platform.Http.RemixJson.Text(FaultRenderer.Body(dialect, Fault.NotFound("Room", "Look."), "rid")));

    [Fact]
    public async Task The_games_api_speaks_its_own_dialect_even_where_there_is_nothing()
    {
        var refused = await world.Nobody.Get("/api/v1/agents/nothing/here");
        Assert.Equal(404, refused.Status);
        Assert.False(refused["success"].GetBoolean());
        Assert.Equal("NO_SUCH_ROUTE", refused["error"].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Malformed_JSON_is_told_where()
    {
        var refused = (await world.Nobody.Post("/register", Actor.Json("{\n  \"user_id\": \"x\",,\n}"))).Refused(400, "MALFORMED_JSON");
        Assert.StartsWith("Line 2, byte 18", refused["details"][0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "MALFORMED_JSON")]
    [InlineData("{\"a\":1} x", "MALFORMED_JSON")]
    [InlineData("{'a':1}", "MALFORMED_JSON")]
    [InlineData("{\"a\":\"\u0001\"}", "MALFORMED_JSON")]
    [InlineData("[]", "VALIDATION_FAILED")]
    [InlineData("null", "VALIDATION_FAILED")]
    [InlineData("\"text\"", "VALIDATION_FAILED")]
    [InlineData("{\"user_id\":\"a\\u0000b\"}", "VALIDATION_FAILED")]
    [InlineData("{\"user_id\":\"a\\ud800b\"}", "VALIDATION_FAILED")]
    [InlineData("{\"\\ud800\":1}", "VALIDATION_FAILED")]
    [InlineData("{\"user_id\":1e400}", "VALIDATION_FAILED")]
    public async Task A_body_that_is_no_good_is_refused(string body, string code) => (await world.Nobody.Post("/register", Actor.Json(body)))
        .Refused(400, code);

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        foreach (var bytes in new byte[][] { [0xff, 0xfe], [.. "{\"user_id\":\""u8, 0xc3, 0x28, .. "\"}"u8],
            [.. "{\"user_id\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8] })
        {
            (await world.Nobody.Send(HttpMethod.Post, "/register", Actor.Bytes(bytes, "application/json"))).Refused(400, "VALIDATION_FAILED");
        }
    }

    [Fact]
    public async Task The_mark_that_some_editors_begin_a_file_with_is_passed_over() => (await world.Nobody.Send(HttpMethod.Post, "/register",
        Actor.Bytes([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes($$"""{"user_id":"{{world.FreshName("user")}}"}""")], null))).Ok(201);

    [Fact]
    public async Task A_body_that_is_compressed_on_the_way_is_refused_for_what_it_is()
    {
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "x" }, ("Content-Encoding", "gzip"))).Refused(415, "UNSUPPORTED_ENCODING");
        (await world.Atlas.Send(HttpMethod.Put, $"/rooms/{World.Lab}/files/x.txt", Actor.Bytes([1, 2, 3], "text/plain"),
            ("Content-Encoding", "br"))).Refused(415, "UNSUPPORTED_ENCODING");
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "x" }, ("Content-Encoding", "identity"))).Ok();
    }

    [Fact]
    public async Task Depth_has_an_end()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        (await world.Nobody.Post("/register", Actor.Json(deep))).Refused(400, "MALFORMED_JSON");
        var allowed = "{\"name\":\"x\",\"card\":" + string.Concat(Enumerable.Repeat("[", 60)) + new string(']', 60) + "}";
        (await world.Atlas.Put("/agents/me", Actor.Json(allowed))).Invalid("card");
    }

    [Fact]
    public async Task Size_has_an_end()
    {
        var most = "{\"body\":\"" + new string('x', 1000) + "\"" + new string(' ', 64 * 1024 - 1011) + "}";
        Assert.Equal(64 * 1024, most.Length);
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", Actor.Json(most))).Ok();
        (await world.Atlas.Post($"/rooms/{World.Lab}/send", Actor.Json(most + " "))).Refused(413, "PAYLOAD_TOO_LARGE");
    }

    [Fact]
    public async Task JSON_is_taken_whatever_it_is_called()
    {
        foreach (var type in new[] { null, "text/plain", "application/x-www-form-urlencoded", "nonsense" })
        {
            (await world.Nobody.Send(HttpMethod.Post, "/register",
                Actor.Bytes(Encoding.UTF8.GetBytes($$"""{"user_id":"{{world.FreshName("user")}}"}"""), type))).Ok(201);
        }
    }

    [Fact]
    public async Task What_is_sent_under_another_name_is_named_beside_what_is_taken()
    {
        var hint = (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { text = "Hello", metadata = new { } })).Invalid("body").String("hint");
        Assert.StartsWith("Not taken here: text. What is: ", hint, StringComparison.Ordinal);
        Assert.Contains("body", hint, StringComparison.Ordinal);
        Assert.DoesNotContain("\"hint\"", (await world.Atlas.Post($"/rooms/{World.Lab}/send", new { body = "" })).Invalid("body").Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/agents", "agent_id")]
    [InlineData("/rooms", "room_id")]
    [InlineData("/studios", "studio_id")]
    public async Task A_fix_is_the_call_that_succeeds(string path, string field)
    {
        var refused = (await world.Carol.Post(path, new Dictionary<string, object>(StringComparer.Ordinal) { [field] = $"alice/{world.FreshName("x")}" }))
            .Refused(403, "NOT_YOUR_NAMESPACE");
        (await world.Carol.Post(refused["fix"].GetProperty("path").GetString()!, refused["fix"].GetProperty("body"))).Ok(201);
    }

    [Fact]
    public async Task A_method_that_is_not_possible_names_those_that_are()
    {
        var refused = (await world.Nobody.Delete("/register")).Refused(405, "METHOD_NOT_ALLOWED");
        Assert.Equal("POST", refused.Header("Allow"));
        Assert.Contains("POST", refused.String("hint"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_what_is_possible_is_told()
    {
        var asked = await world.Nobody.Send(HttpMethod.Options, "/health", null);
        Assert.Equal((204, 0), (asked.Status, asked.Bytes.Length));
        Assert.Equal(["GET", "HEAD", "OPTIONS"], asked.Header("Allow")!.Split(", "));
        Assert.Equal("POST, OPTIONS", (await world.Nobody.Send(HttpMethod.Options, "/register", null)).Header("Allow"));
        (await world.Nobody.Send(HttpMethod.Options, "/nothing/here", null)).Refused(404, "NO_SUCH_ROUTE");
        Assert.Equal(204, await RawHttp.Status(world, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("a!b")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("xn--")]
    [InlineData("-")]
    [InlineData("[::1")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.localhost")]
    public async Task A_host_that_is_none_is_refused_and_not_broken_upon(string host)
    {
        foreach (var path in new[] { "/", "/login", "/creations/feed", "/health/live", "/SKILL.md" })
        {
            Assert.InRange(await RawHttp.Status(world, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), 200, 499);
            Assert.InRange(await RawHttp.Status(world.Cloud, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), 200, 499);
        }

        Assert.Empty(world.TakeErrors());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    public async Task Who_names_no_host_means_this_server(string request) => Assert.Equal(200, await RawHttp.Status(world, request));

    [Fact]
    public async Task Every_answer_has_a_request_id_and_a_callers_own_comes_back()
    {
        Assert.Matches("^[0-9a-f]{16}$", (await world.Nobody.Get("/health/live")).Ok().Header("X-Request-Id"));
        Assert.Equal("mine-1", (await world.Nobody.Get("/health/live", ("X-Request-Id", "mine-1"))).Header("X-Request-Id"));
        Assert.Equal("mine-2", (await world.Nobody.Get("/nothing", ("X-Request-Id", "mine-2"))).Refused(404, "NO_SUCH_ROUTE").String("request_id"));
        foreach (var nonsense in new[] { new string('x', 129), "two words", "x\ty" })
        {
            Assert.Matches("^[0-9a-f]{16}$", (await world.Nobody.Get("/health/live", ("X-Request-Id", nonsense))).Header("X-Request-Id"));
        }
    }

    [Theory]
    [InlineData("GET /agents/%00/x HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /agents/alice/%ff HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /agents/alice/%ed%a0%80 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /rooms/alice/lab%0d%0aX:y HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /agents/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \u00ff\u00fe\r\n\r\n")]
    [InlineData("GET /agents/me HTTP/1.1\r\nHost: x\r\nCookie: remix-token=%00; remix-token=\u00ff\r\n\r\n")]
    [InlineData("POST /register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("POST /register HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /register HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("GET /rooms/alice/lab/messages?q=%ed%a0%80&sender=%00&before=99999999999999999999 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /rooms/alice/lab/messages/public?q=%ed%a0%80 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /rooms/alice/lab/messages/public?sender=%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /rooms/alice/lab/messages/public?before=9999-99-99T99:99:99Z&limit=%2b1 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    public async Task Broken_requests_are_refused_and_not_broken_upon(string request)
    {
        var withEnd = request.Replace("Host: x\r\n", "Host: x\r\nConnection: close\r\n", StringComparison.Ordinal);
        Assert.InRange(await RawHttp.Status(world, withEnd), 200, 499);
        Assert.Empty(world.TakeErrors());
    }

    [Theory]
    [InlineData(400, "BAD_REQUEST", "GET /agents/%00/x HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData(400, "BAD_REQUEST", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData(400, "BAD_REQUEST", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData(400, "BAD_REQUEST", "GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n")]
    [InlineData(400, "BAD_REQUEST", "NONSENSE\r\n\r\n")]
    [InlineData(414, "URI_TOO_LONG", "GET /LONG HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData(431, "HEADERS_TOO_LARGE", "GET / HTTP/1.1\r\nHost: x\r\nX: LONG\r\n\r\n")]
    public async Task What_is_no_request_is_answered_in_words_too(int status, string code, string request)
    {
        // After a request that is one, on the same connection: the answer to it stays whole.
        var bytes = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n" + request.Replace("LONG", new string('x', 40_000), StringComparison.Ordinal);
        var answer = await RawHttp.Send(world, Encoding.Latin1.GetBytes(bytes));
        var second = answer.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal);
        Assert.Equal((200, status), (RawHttp.StatusOf(answer), RawHttp.StatusOf(answer[second..])));
        Assert.Equal(3, answer.Split("HTTP/1.1 ").Length);

        var (head, body) = (answer[second..answer.LastIndexOf("\r\n\r\n", StringComparison.Ordinal)], answer[answer.LastIndexOf('{')..]);
        var fault = JsonDocument.Parse(body).RootElement;
        Assert.Equal((code, status), (fault.Text("code"), fault.GetProperty("statusCode").GetInt32()));
        Assert.Contains($"X-Request-Id: {fault.Text("request_id")}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", head, StringComparison.Ordinal);
        Assert.Empty(world.TakeErrors());
    }

    [Fact]
    public async Task Who_breaks_off_while_sending_is_no_failure_of_ours()
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("localhost", new Uri(world.BaseUrl).Port);
            client.LingerState = new LingerOption(true, 0);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PUT /rooms/{World.Lab}/files/cut.txt HTTP/1.1\r\nHost: localhost\r\n"
                + $"Authorization: Bearer {world.Atlas.Token}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\nabc"));

            // Once it says to go on, it reads the body.
            Assert.True(await client.GetStream().ReadAsync(new byte[100]) > 0);
        }

        (await world.Atlas.Get($"/rooms/{World.Lab}/files/cut.txt")).Refused(404, "NOT_FOUND");
        Assert.Empty(world.TakeErrors());
    }

    [Fact]
    public async Task A_byte_order_mark_before_a_body_is_passed_over() =>
        (await world.Atlas.Send(HttpMethod.Post, $"/rooms/{World.Lab}/send", new ByteArrayContent([0xEF, 0xBB, 0xBF, .. "{\"body\":\"x\"}"u8]))).Ok();
}

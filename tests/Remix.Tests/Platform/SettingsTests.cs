using Remix.Platform.Settings;
using Remix.Tests.Support;

namespace Remix.Tests.Platform;

public class SettingsTests
{
    [Fact]
    public void Without_anything_said_the_defaults_hold()
    {
        var settings = Read([]);
        Assert.Equal((4700, "http://localhost:4700", "localhost"), (settings.Port, settings.BaseUrl, settings.Host));
        Assert.Null(settings.Database);
        Assert.True(Path.IsPathRooted(settings.DataDirectory));
        Assert.Equal((60, 10, 120, 1), (settings.MessagesPerMinute, settings.RegistrationsPerMinute, settings.AuthAttemptsPerMinute,
            settings.RateLimitFactor));
    }

    [Fact]
    public void Flags_outrank_the_environment()
    {
        var settings = Read(["--port", "5000", "--no-welcome"], (SettingNames.Port, "6000"), (SettingNames.Welcome, "true"),
            (SettingNames.CloudPort, "7000"));
        Assert.Equal((5000, 7000, false, "http://localhost:5000"), (settings.Port, settings.CloudPort, settings.Welcome, settings.BaseUrl));
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port=")]
    [InlineData("--prot=1")]
    [InlineData("serve")]
    [InlineData("--port", "1", "--data")]
    public void A_flag_that_is_none_or_lacks_its_value_is_refused(params string[] args) => Assert.Single(Problems(args));

    [Theory]
    [InlineData(SettingNames.Port, "abc")]
    [InlineData(SettingNames.Port, "-1")]
    [InlineData(SettingNames.Port, "65536")]
    [InlineData(SettingNames.Port, "1.5")]
    [InlineData(SettingNames.Port, "99999999999999999999")]
    [InlineData(SettingNames.CloudPort, " 80")]
    [InlineData(SettingNames.CloudPort, "4700")]
    [InlineData(SettingNames.Host, "no such host")]
    [InlineData(SettingNames.Host, "300.1.1.1")]
    [InlineData(SettingNames.BaseUrl, "localhost:4700")]
    [InlineData(SettingNames.BaseUrl, "ftp://example.org")]
    [InlineData(SettingNames.BaseUrl, "https://example.org/remix")]
    [InlineData(SettingNames.BaseUrl, "https://example.org?x=1")]
    [InlineData(SettingNames.BaseUrl, "https://user@example.org")]
    [InlineData(SettingNames.BaseUrl, "https://")]
    [InlineData(SettingNames.Database, "nonsense")]
    [InlineData(SettingNames.Database, "Host=")]
    [InlineData(SettingNames.Database, "Host=x;Port=abc")]
    [InlineData(SettingNames.Database, "Host=x;Nonsense=1")]
    [InlineData(SettingNames.Database, "mysql://x/y")]
    [InlineData(SettingNames.Database, "postgres:///db")]
    [InlineData(SettingNames.Database, "postgres://host/db?nonsense=1")]
    [InlineData(SettingNames.DbPoolMax, "1")]
    [InlineData(SettingNames.DbPoolMax, "many")]
    [InlineData(SettingNames.Welcome, "perhaps")]
    [InlineData(SettingNames.Admins, "Alice")]
    [InlineData(SettingNames.Admins, "alice,bob/rover")]
    [InlineData(SettingNames.TrustedProxies, "proxy.example.org")]
    [InlineData(SettingNames.TrustedProxies, "10.0.0.0/40")]
    [InlineData(SettingNames.WebhookRetentionHours, "0")]
    [InlineData(SettingNames.RateLimitMessages, "0")]
    [InlineData(SettingNames.RateLimitRegister, "-5")]
    [InlineData(SettingNames.RateLimitAuth, "1e3")]
    [InlineData(SettingNames.RateLimitFactor, "0")]
    [InlineData(SettingNames.LogLevel, "loud")]
    [InlineData(SettingNames.LogFormat, "xml")]
    [InlineData(SettingNames.ShutdownSeconds, "0")]
    public void A_value_that_makes_no_sense_is_refused_with_a_sentence_that_names_it(string name, string value)
    {
        var problem = Assert.Single(Problems([], (name, value)));
        Assert.StartsWith(name, problem, StringComparison.Ordinal);
        Assert.True(problem.Length > name.Length + 20, problem);
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(3, Problems(["--port", "x"], (SettingNames.LogLevel, "loud"), (SettingNames.Admins, "Not A Name")).Count);

    [Fact]
    public void An_empty_variable_is_one_that_is_not_set() => Assert.Equal(4700, Read([], (SettingNames.Port, "")).Port);

    [Theory]
    [InlineData("https://Remix.Example.ORG/", "https://remix.example.org")]
    [InlineData("https://remix.example.org:443", "https://remix.example.org")]
    [InlineData("http://remix.example.org:8080", "http://remix.example.org:8080")]
    public void The_base_address_is_kept_as_browsers_write_origins(string written, string kept) =>
        Assert.Equal(kept, Read([], (SettingNames.BaseUrl, written)).BaseUrl);

    [Theory]
    [InlineData("postgres://u:p%40ss@db.example.org:6000/remix?Pooling=false", "db.example.org", 6000, "remix", "u", "p@ss")]
    [InlineData("postgresql://u@db/remix", "db", 5432, "remix", "u", null)]
    [InlineData("Host=db;Database=remix;Username=u", "db", 5432, "remix", "u", null)]
    public void A_database_is_named_by_keywords_or_by_an_address(string written, string host, int port, string database, string user,
        string? password)
    {
        var builder = new Npgsql.NpgsqlConnectionStringBuilder(Read([], (SettingNames.Database, written)).Database);
        Assert.Equal((host, port, database, user, password), (builder.Host, builder.Port, builder.Database, builder.Username, builder.Password));
    }

    [Fact]
    public void Lists_are_separated_by_commas()
    {
        var settings = Read([], (SettingNames.Admins, "alice, bob,"), (SettingNames.TrustedProxies, "10.0.0.0/8,127.0.0.1,::1"));
        Assert.Equal(["alice", "bob"], settings.Admins);
        Assert.Equal(["10.0.0.0/8", "127.0.0.1/32", "::1/128"], settings.TrustedProxies.Select(network => network.ToString()));
    }

    [Fact]
    public void Every_setting_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/operating/settings.md"));
        Assert.All(SettingNames.All, name => Assert.Contains($"| `{name}`", page, StringComparison.Ordinal));
        Assert.All(SettingNames.Flags.Keys.Append(SettingNames.NoWelcomeFlag), flag => Assert.Contains($"`{flag}", page, StringComparison.Ordinal));
    }

    private static RemixSettings Read(string[] args, params (string Name, string Value)[] environment) =>
        SettingsReader.Read(args, name => environment.FirstOrDefault(variable => variable.Name == name).Value);

    private static IReadOnlyList<string> Problems(string[] args, params (string Name, string Value)[] environment) =>
        Assert.Throws<SettingsException>(() => Read(args, environment)).Problems;
}

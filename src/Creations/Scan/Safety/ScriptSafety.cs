using Remix.Platform.JavaScript;

namespace Remix.Creations.Scan.Safety;

/// <summary>Scripts that mine, drain wallets, log keys or carry readers' data to other hosts.</summary>
internal sealed class ScriptSafety
{
    private static readonly string[] MinerNames =
    [
        "coinhive", "coin-hive", "cryptoloot", "crypto-loot", "coinimp", "webminepool", "jsecoin", "deepminer",
        "cryptonight",
        "minero.cc", "stratum+tcp",
    ];

    private static readonly HashSet<string> WalletRequests = new(StringComparer.Ordinal)
    {
        "eth_sendTransaction", "eth_sign", "eth_signTypedData", "eth_signTypedData_v4", "personal_sign",
        "wallet_sendCalls",
        "setApprovalForAll", "increaseAllowance", "signAllTransactions", "signAndSendTransaction",
    };

    private readonly JsTokens tokens;
    private readonly JsBrackets brackets;
    private readonly ScanPlace place;
    private readonly Findings findings;
    private readonly HashSet<string> typed = new(StringComparer.Ordinal);
    private int lookedAt;

    private ScriptSafety(string source, ScanPlace place, Findings findings)
    {
        tokens = JsTokenizer.Read(source);
        brackets = new JsBrackets(tokens);
        (this.place, this.findings) = (place, findings);
    }

    public static bool IsMiner(string text) =>
        MinerNames.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reviews a script; true when it sends anything to another host.</summary>
    public static bool Scan(string source, ScanPlace place, Findings findings)
    {
        var script = new ScriptSafety(source, place, findings);
        for (var i = 0; i < script.tokens.Count; i++) script.Listener(i);
        var sendsOut = false;
        for (var i = 0; i < script.tokens.Count && !findings.IsFull; i++)
        {
            script.Token(i);
            sendsOut |= script.Send(i);
        }
        return sendsOut;
    }

    private void Token(int i)
    {
        var text = tokens.NameAt(i) ?? tokens.LiteralAt(i);
        if (text is null or { Length: > 200 }) return;
        if (IsMiner(text)) Forbid(SafetyRule.Miner, $"crypto miner {text}", i);
        if (WalletRequests.Contains(text)) Forbid(SafetyRule.Wallet, $"wallet request {text}", i);
    }

    /// <summary>Notes the variables that a key listener fills with what is typed.</summary>
    private void Listener(int i)
    {
        var isListener = tokens.IsName(i, "addEventListener") && tokens.IsPunctuator(i + 1, "(")
            && tokens.LiteralAt(i + 2) is "keydown" or "keyup" or "keypress" or "input";
        if (!isListener) return;

        var end = brackets.EndOf(i + 1);
        if (!Mentions(i + 1, end, IsKeyRead)) return;
        for (var at = i + 3; at < end && lookedAt < ScanLimits.ArgumentTokensMax; at++, lookedAt++)
        {
            if (tokens.NameAt(at) is not { } name) continue;
            if (tokens.IsPunctuator(at + 1, "+=")
                || (tokens.IsPunctuator(at + 1, ".") && tokens.IsName(at + 2, "push"))) typed.Add(name);
            if (SendEnd(at) is { } sent
                && Mentions(at, sent, IsKeyRead)) Forbid(SafetyRule.Keylogger, "sending keys to another host", at);
        }
    }

    private bool Send(int i)
    {
        if (SendEnd(i) is not { } end) return false;
        if (Mentions(i, end, index => tokens.NameAt(index) is { } name && typed.Contains(name)))
            Forbid(SafetyRule.Keylogger, "sending keys to another host", i);
        if (Mentions(i, end, IsPrivateData))
            Forbid(SafetyRule.Exfiltration, "sending readers' data to another host", i);
        return true;
    }

    /// <summary>
    /// Where the arguments of a call that sends to another host end; null when the token begins no such call.
    /// </summary>
    private int? SendEnd(int i)
    {
        var isSend = tokens.NameAt(i) is "fetch" or "sendBeacon" or "WebSocket" or "EventSource" or "open" or "post";
        if (!isSend || !tokens.IsPunctuator(i + 1, "(")) return null;
        var address = tokens.IsName(i, "open") ? i + 4 : i + 2;
        return IsOutside(address) ? brackets.EndOf(i + 1) : null;
    }

    private bool IsOutside(int index)
    {
        var address = tokens.LiteralAt(index)
            ?? (tokens.IsKind(index, JsTokenKind.Template) ? tokens.Raw(tokens[index])[1..].ToString() : "");
        return WebAddress.Classify(address) == AddressKind.External;
    }

    private bool IsKeyRead(int index) => tokens.IsPunctuator(index - 1, ".")
        && tokens.NameAt(index) is "key" or "keyCode" or "charCode" or "data";

    private bool IsPrivateData(int index) =>
        tokens.NameAt(index) is "localStorage" or "sessionStorage" or "cookie" or "readText"
        || (tokens.IsPunctuator(index - 1, ".") && tokens.IsName(index, "password"));

    private bool Mentions(int start, int end, Func<int, bool> isSought)
    {
        for (var i = start; i < end && lookedAt < ScanLimits.ArgumentTokensMax; i++, lookedAt++)
        {
            if (isSought(i)) return true;
        }
        return false;
    }

    private void Forbid(ScanRule rule, string what, int index) =>
        findings.Forbid(rule, what, place, tokens[index].Start);
}

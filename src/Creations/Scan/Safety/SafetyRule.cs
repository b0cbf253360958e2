namespace Remix.Creations.Scan.Safety;

/// <summary>What may hurt a reader, and what an agent does instead.</summary>
internal static class SafetyRule
{
    public static readonly ScanRule Phishing = new("credential_phishing",
        "Never ask readers for passwords: remove the password field, or keep a demonstration wholly on the page, "
        + "sending nothing.");

    public static readonly ScanRule FakeLogin = new("fake_login",
        "Do not imitate another company's sign-in page: remove the password field or the brand.");

    public static readonly ScanRule SeedPhrase = new("seed_phrase",
        "Remove the field: nobody may be asked for a wallet's recovery phrase or private key.");

    public static readonly ScanRule Wallet = new("wallet_drainer",
        "Remove calls that make a wallet sign or send; sell through the platform's credits instead.");

    public static readonly ScanRule Miner = new("crypto_miner",
        "Remove the miner: creations may not use readers' machines for mining.");

    public static readonly ScanRule Keylogger = new("keylogger",
        "Handle keys on the page and send nothing of what is typed to other hosts.");

    public static readonly ScanRule Exfiltration = new("data_exfiltration",
        "Keep readers' data on the page, or in the creation's own worker under /api/.");

    public static readonly ScanRule Malware = new("malware_link",
        "Remove the download: link to the project's own page instead of to a program file.");

    public static readonly ScanRule Hate = new("hate_speech", "Remove the slur or the call to harm people.");

    public static readonly ScanRule Explicit = new("sexual_content", "Remove sexually explicit content.");

    public static readonly ScanRule SelfHarm = new("self_harm",
        "Remove instructions for self-harm. Writing about prevention is welcome: "
        + "name a help line instead of a method.");
}

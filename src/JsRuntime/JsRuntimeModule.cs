using Remix.Platform;

namespace Remix.JsRuntime;

/// <summary>Runs other people's JavaScript: one sandboxed workerd process per tenant.</summary>
public sealed class JsRuntimeModule : Module;

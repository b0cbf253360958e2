using Remix.Platform;
using Remix.Server;

return await RemixServer.Run(args, RemixModules.For(args));

using Remix.Platform;

return await RemixServer.Run(args, []);

using Tessera.Server.Hosting;

await TesseraServer.RunAsync(args);

using System.CommandLine;
using Tessera.Storage.Objects;

namespace Tessera.Cli.Store;

/// <summary><c>tessera store keys</c>: the keys that a server signs tickets, coupons and receipts with.</summary>
internal static class ObjectKeyVerb
{
    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The data folder of the server.", HelpName = "folder", Required = true,
    };

    private static readonly Option<bool> Rotate = new("--rotate")
    {
        Description = "Make another key before; a server signs with it from its next start on.",
    };

    /// <summary>Prints public keys only; inspectors take all of them.</summary>
    public static Command Create()
    {
        var command = new Command(
            "keys",
            "Print the public keys that inspectors check signed objects with, the one that signs now last. "
            + "Example: tessera store keys --data /var/lib/tessera > office.pem")
        {
            Data, Rotate, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = ObjectKeyFolder.In(parsed.GetRequiredValue(Data).FullName);
            if (!Directory.Exists(folder)) return Verb.Fail($"{folder}: no server has made its keys there yet.");
            using var keys = await ObjectKeyFolder.OpenAsync(folder, cancel);
            if (parsed.GetValue(Rotate)) await keys.RotateAsync(cancel);
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(keys.Keys.Select(key => new { key.Number, key.Name, key.PublicKey }));
            else
                foreach (var key in keys.Keys) Console.WriteLine(key.PublicKey);
            return 0;
        });
        return command;
    }
}

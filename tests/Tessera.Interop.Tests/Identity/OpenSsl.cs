using System.Diagnostics;
using Xunit;

namespace Tessera.Interop.Tests.Identity;

/// <summary>OpenSSL's tool, in a folder.</summary>
internal static class OpenSsl
{
    private const string Path = "/usr/bin/openssl";

    /// <returns>Its exit code and all that it said.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(
        string folder, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        if (!File.Exists(Path)) Assert.Skip("install openssl");
        var start = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var said = await output + await errors;
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, said);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

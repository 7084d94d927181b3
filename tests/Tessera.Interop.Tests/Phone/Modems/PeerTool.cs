using System.Diagnostics;

namespace Tessera.Interop.Tests.Phone.Modems;

/// <summary>A program of somebody else, run to its end.</summary>
internal static class PeerTool
{
    /// <summary>What it wrote on standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<byte[]> RunAsync(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            using var output = new MemoryStream();
            var read = process.StandardOutput.BaseStream.CopyToAsync(output, cancel);
            await process.StandardInput.BaseStream.WriteAsync(input, cancel);
            process.StandardInput.Close();
            await read;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? output.ToArray()
                : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

using System.Diagnostics;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Speech;

/// <summary>Any text as sound, by the program espeak-ng where it is installed.</summary>
/// <param name="Program">Where the program is.</param>
public sealed record Espeak(string Program)
{
    /// <summary>Characters of the longest text.</summary>
    public const int MaxText = 1000;

    /// <summary>Octets of the longest sound: two minutes and more.</summary>
    private const int MaxSound = 8 << 20;

    private const string Name = "espeak-ng";

    /// <summary>How long the program may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Words a minute.</summary>
    public int Speed { get; init; } = 165;

    /// <summary>The program of this machine; null where it has none.</summary>
    public static Espeak? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{Name}.exe" : Name))
        .Where(File.Exists).Select(path => new Espeak(path)).FirstOrDefault();

    /// <summary>The sound of a text, 8000 samples a second.</summary>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    /// <exception cref="TimeoutException">The program took too long.</exception>
    /// <exception cref="IOException">The program failed.</exception>
    public async Task<short[]> SpeakAsync(string text, SpokenLanguage language, CancellationToken cancel)
    {
        if (text.Length > MaxText) throw new ArgumentException($"Longer than {MaxText} characters.", nameof(text));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        using var process = Start(language);
        try
        {
            return await RunAsync(process, text, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{Name} took longer than {Patience.TotalSeconds} s.", e);
        }
        catch (WireFormatException e)
        {
            throw new IOException($"{Name} made no sound: {e.Message}", e);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>No shell, and the text is no argument: it can say nothing to the program but what to speak.</summary>
    private Process Start(SpokenLanguage language)
    {
        string[] arguments = ["-v", language.Code, "-s", $"{Speed}", "--stdin", "--stdout"];
        return Process.Start(new ProcessStartInfo(Program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
    }

    private static async Task<short[]> RunAsync(Process process, string text, CancellationToken cancel)
    {
        var reading = ReadAsync(process.StandardOutput.BaseStream, cancel);
        try
        {
            await process.StandardInput.WriteAsync(text.AsMemory(), cancel);
        }
        finally
        {
            process.StandardInput.Close();
        }

        var file = await reading;
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0
            ? Wav.Read(file).ToTelephone()
            : throw new IOException($"{Name} ended with {process.ExitCode}.");
    }

    private static async Task<byte[]> ReadAsync(Stream output, CancellationToken cancel)
    {
        using var file = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await output.ReadAsync(buffer, cancel) is var count and > 0)
        {
            if (file.Length + count > MaxSound) throw new IOException($"{Name} made too much sound.");
            file.Write(buffer, 0, count);
        }

        return file.ToArray();
    }
}

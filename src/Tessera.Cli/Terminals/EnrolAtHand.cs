using System.CommandLine;
using System.Security.Authentication;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Enrolments;
using Tessera.Terminal.Pages;
using Tessera.Toolkit.Links;

namespace Tessera.Cli.Terminals;

/// <summary>How a terminal comes by the code that <c>--enrol</c> takes it to its server with.</summary>
internal sealed class EnrolAtHand
{
    private const string Prompt = "-";
    private const string Keypad = "keypad";
    private const string Variable = "env:";
    private const int Attempts = 3;
    private const int MaxText = 1024;

    private readonly string _source;
    private readonly ushort _port;
    private readonly Func<Screen> _screen;

    private EnrolAtHand(string source, ushort port, Func<Screen> screen) =>
        (_source, _port, _screen) = (source, port, screen);

    public static Option<string?> Option { get; } = new("--enrol")
    {
        Description = "Become known to the server by a code that its operator made (tessera terminal code): asked for here, or "
            + "keypad (at the terminal's own keys), a file, or env:NAME. Later starts need neither --enrol nor --server.",
        HelpName = "source",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <param name="port">Of the terminal's own page, where <c>keypad</c> is named.</param>
    /// <param name="screen">The display it asks on then.</param>
    /// <returns>Null where nobody asked for it.</returns>
    public static EnrolAtHand? Of(ParseResult parsed, ushort port, Func<Screen> screen) =>
        parsed.GetResult(Option) is { Implicit: false }
            ? new EnrolAtHand(parsed.GetValue(Option) ?? Prompt, port, screen)
            : null;

    /// <summary>Takes the terminal of that folder to the server.</summary>
    /// <exception cref="AuthenticationException">No code was good.</exception>
    public async Task<EnrolledServer> EnrolAsync(string folder, string name, Uri server, CancellationToken cancel)
    {
        switch (_source)
        {
            case Keypad:
                return await AtKeypadAsync(cancel);
            case Prompt:
                return await AtPromptAsync(cancel);
            default:
                using (var code = EnrolmentKey.OfCode(await ReadAsync(cancel))) return await TryAsync(code, cancel);
        }

        Task<EnrolledServer> TryAsync(EnrolmentKey code, CancellationToken token) =>
            TerminalEnrolment.EnrolAsync(folder, name, server, code, TimeProvider.System, token);

        async Task<EnrolledServer> AtKeypadAsync(CancellationToken token)
        {
            var screen = _screen();
            await using var page = await ScreenPage.StartAsync(screen, new LocalPageOptions { Port = _port }, token);
            Console.WriteLine($"Terminal {name} waits for its code: {page.Address}");
            return await TerminalEnrolment.AskAsync(screen, TryAsync, token);
        }

        async Task<EnrolledServer> AtPromptAsync(CancellationToken token)
        {
            for (var attempt = 1; ; attempt++)
            {
                if (!Console.IsInputRedirected) Console.Error.Write("Code of the server: ");
                var line = await Verb.ReadLineAsync(token)
                    ?? throw new FormatException("--enrol: standard input is at its end.");
                try
                {
                    using var code = EnrolmentKey.OfCode(line);
                    return await TryAsync(code, token);
                }
                catch (Exception e) when (attempt < Attempts && e is (AuthenticationException or FormatException))
                {
                    Verb.Warn(e.Message);
                }
            }
        }
    }

    private async Task<string> ReadAsync(CancellationToken cancel)
    {
        if (_source.StartsWith(Variable, StringComparison.Ordinal))
        {
            var name = _source[Variable.Length..];
            return Environment.GetEnvironmentVariable(name)
                ?? throw new FormatException($"--enrol: there is no environment variable {name}.");
        }

        return new FileInfo(_source).Length <= MaxText
            ? await File.ReadAllTextAsync(_source, cancel)
            : throw new FormatException($"--enrol: {_source} is too long for a code.");
    }
}

using System.Security.Authentication;
using Tessera.Terminal.Displays;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal.Enrolments;

/// <summary>Takes a terminal to a server that it has never met, by a one-time code (docs/protocols/link.md §7).</summary>
public static class TerminalEnrolment
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Makes the terminal's key, if it has none, proves the code, and keeps the server. Can be repeated with the same code
    /// where it breaks off.
    /// </summary>
    /// <param name="folder">The terminal's; made if it is not there.</param>
    /// <param name="name">For people, 1 to 64 octets of UTF-8.</param>
    /// <param name="server">Where it listens for links.</param>
    /// <exception cref="AuthenticationException">The code is not good, or it is not the server that answers.</exception>
    /// <exception cref="ConnectionLostException">Nobody is there, or the connection ended before both knew.</exception>
    /// <exception cref="TimeoutException">The server did not answer in half a minute.</exception>
    public static async Task<EnrolledServer> EnrolAsync(
        string folder, string name, Uri server, EnrolmentKey code, TimeProvider time, CancellationToken cancel)
    {
        using var certificate = CardTerminal.OpenCertificate(folder, name);
        using var late = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            var (channel, seen) = await TerminalConnection.OpenToStrangerAsync(server, certificate, either.Token);
            await EnrolmentClient.EnrolAsync(channel, PeerIdentity.Of(certificate), seen, name, code, either.Token);
            var enrolled = new EnrolledServer(server, seen);
            enrolled.Write(folder);
            return enrolled;
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{server.Authority} did not answer in {Limit.TotalSeconds:0} s.", e);
        }
        catch (ConnectionLostException e)
        {
            throw new ConnectionLostException(
                $"{e.Message} The terminal is not enrolled: is a code open there? The same code may be typed again.", e);
        }
    }

    /// <summary>Asks for the code at the display and the keys of a terminal, until one was good.</summary>
    /// <param name="enrol">Tries a code, as <see cref="EnrolAsync"/>.</param>
    public static async Task<EnrolledServer> AskAsync(
        IScreen screen, Func<EnrolmentKey, CancellationToken, Task<EnrolledServer>> enrol, CancellationToken cancel)
    {
        var question = new TextAsked("Code of the server:", EnrolmentKey.Digits, EnrolmentKey.Digits, Digits: true);
        while (true)
        {
            if (await screen.AskAsync(question, cancel) is not Entry typed) continue;
            using var entry = typed;
            using var code = EnrolmentKey.OfCode(entry.Reveal());
            try
            {
                return await enrol(code, cancel);
            }
            catch (Exception e) when (e is AuthenticationException or ConnectionLostException or TimeoutException)
            {
                await screen.AskAsync(new TextShown(e.Message, Waits: true), cancel);
            }
        }
    }
}

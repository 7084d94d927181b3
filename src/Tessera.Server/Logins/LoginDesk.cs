using System.Collections.Concurrent;
using Tessera.Gateway;
using Tessera.Platform.Applications;
using Tessera.Platform.Holders;
using Tessera.Platform.Logins;
using Tessera.Server.Hosting;
using Tessera.Server.ShortMessages;
using Tessera.Toolkit.Scripts;

namespace Tessera.Server.Logins;

/// <summary>Sends callers their temporary login, and lets in who brings one (docs/protocols/sms.md §7).</summary>
internal sealed class LoginDesk(
    TemporaryLogins logins, IHolderStore holders, ShortMessageRoad road, ApplicationCatalogue catalogue,
    TimeProvider time, ILogger<LoginDesk> log) : IAsyncDisposable
{
    private static readonly NoticeApplication[] Refusals =
    [
        Refusal(LoginVerdict.Wrong, "This is not the login you were given. Call again for another."),
        Refusal(LoginVerdict.Expired, "Your login has expired. Call again for another."),
        Refusal(LoginVerdict.Used, "Your login was used before. Call again for another."),
        Refusal(LoginVerdict.TooMany, "Too many logins were wrong. Call again tomorrow."),
    ];

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _sending = new();

    /// <summary>
    /// Gives a caller a login: to the card itself where it announced the call, else, and where that does not succeed, as
    /// a text. Returns when it is on its way.
    /// </summary>
    /// <param name="number">Where the holder calls from, digits only.</param>
    /// <param name="call">Names the call.</param>
    /// <param name="application">What the caller chose; null for the first application.</param>
    /// <param name="isAnnounced">The card itself spoke up in the call.</param>
    /// <returns>False where the holder got too many today, or there is no road for messages.</returns>
    public async Task<bool> OfferAsync(
        CardRegistration card, string number, string call, string? application, bool isAnnounced, CancellationToken cancel)
    {
        if (road.Gateway is not { } gateway) return false;
        await logins.PruneAsync(cancel);
        if (await logins.IssueAsync(card, call, application, isAnnounced, cancel) is not { } issued) return false;

        foreach (var sent in _sending.Keys.Where(task => task.IsCompleted)) _sending.TryRemove(sent, out _);
        _sending.TryAdd(GuardAsync(issued.Login, SendAsync(gateway, issued, number, isAnnounced, _stopping.Token)), 0);
        return true;
    }

    /// <summary>What a session runs that was opened with a login; what was no good says why.</summary>
    public async Task<ICardApplication> ApplicationAsync(SmsLink link, LoginPair pair, CancellationToken cancel)
    {
        if (await holders.FindCardAsync(link.Id.Card, cancel) is not { } card) return catalogue.First;
        var use = await logins.UseAsync(card, link.Session, pair, link.Number, cancel);
        log.LogInformation("Login of card {Card}: {Verdict}", card.Card, use.Verdict);
        return use.Verdict == LoginVerdict.Accepted
            ? (use.Login!.Application is { } name ? catalogue.Find(name) : null) ?? catalogue.First
            : Refusals.First(refusal => string.Equals(refusal.Name, NameOf(use.Verdict), StringComparison.Ordinal));
    }

    /// <summary>An application of that name, those of this desk included.</summary>
    public ICardApplication? Find(string name) => catalogue.Find(name)
        ?? Refusals.FirstOrDefault(refusal => string.Equals(refusal.Name, name, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_sending.Keys);
        _stopping.Dispose();
    }

    private static NoticeApplication Refusal(LoginVerdict verdict, string text) => new(NameOf(verdict), text);

    private static string NameOf(LoginVerdict verdict) => $"login:{verdict}";

    /// <summary>The call may be over by now: who sent it is told what goes wrong.</summary>
    private async Task GuardAsync(TemporaryLogin login, Task<TextFate> sending)
    {
        try
        {
            log.LogInformation("The login of card {Card} for call {Call}: {Fate}", login.Card, login.Call, await sending);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            log.LogInformation("The login of card {Card} is not waited for: the server stops", login.Card);
        }
        catch (Exception e)
        {
            log.LogError(e, "The login of card {Card} could not be sent", login.Card);
        }
    }

    private async Task<TextFate> SendAsync(
        SmsGateway gateway, IssuedLogin issued, string number, bool isAnnounced, CancellationToken cancel)
    {
        var (login, pair) = issued;
        var fate = isAnnounced
            ? await gateway.SendLoginAsync(login.Card, pair, Left(login), cancel)
            : TextFate.Failed;
        if (fate != TextFate.Delivered && Left(login) > TimeSpan.Zero)
        {
            var text = $"Tessera: login {pair.Login}, password {pair.Password}. For one minute, and for one session: "
                + "Tessera, Connect.";
            fate = await gateway.SendTextAsync(number, text, Left(login), cancel);
        }

        if (fate == TextFate.Delivered) await logins.DeliveredAsync(login.Id, cancel);
        return fate;
    }

    private TimeSpan Left(TemporaryLogin login) =>
        login.Until - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}

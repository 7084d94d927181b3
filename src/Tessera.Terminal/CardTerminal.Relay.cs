using Tessera.Cards;
using Tessera.Terminal.Displays;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Terminal;

/// <summary>
/// The raw relay (docs/protocols/link.md §8): only the holder switches it on, and no session is open meanwhile.
/// </summary>
public sealed partial class CardTerminal
{
    private const string Question =
        "Let programs at the server use this card? They see all that is said to it, PINs too.";

    private static readonly IdleWords RelayWords = new("Relay on", "Server uses card");
    private static readonly TimeSpan QuestionTime = TimeSpan.FromSeconds(60);

    /// <summary>Card commands of scripts, of the relay, and the menu: one of them at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    private readonly ITimer _relayLimit;
    private ICard? _card;
    private bool _isRelaying;

    /// <summary>What the menu entry says, null where there is none.</summary>
    public string? RelayEntry
    {
        get
        {
            lock (_gate)
            {
                return _isRelaying ? "End the relay"
                    : _card is not null && _link.Status.Connected ? "Let programs at the server use the card" : null;
            }
        }
    }

    /// <summary>
    /// The holder took the menu entry: ends the relay, or asks whether it shall begin. Does nothing while a script is at
    /// work, which has the display.
    /// </summary>
    public async Task SwitchRelayAsync()
    {
        var cancel = _stopped;
        bool isRelaying;
        lock (_gate) isRelaying = _isRelaying;
        if (isRelaying)
        {
            await EndRelayAsync("The holder ended it.");
            return;
        }

        if (!await _turn.WaitAsync(TimeSpan.Zero, cancel)) return;
        try
        {
            ICard? card;
            lock (_gate) card = _card;
            if (card is not null && await AgreesAsync(card, cancel)) await BeginRelayAsync(card, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> AgreesAsync(ICard card, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(QuestionTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var asked = _screen.AskAsync(new DecisionAsked(Question, Payment: null), either.Token);
        if (await Task.WhenAny(asked, card.Removed) != asked) await either.CancelAsync();
        try
        {
            return await asked is Decided { Yes: true };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The session ends, and the card forgets what was verified in it, before anybody else speaks to it.</summary>
    private async Task BeginRelayAsync(ICard card, CancellationToken cancel)
    {
        Report(() =>
        {
            if (_card != card) return null;
            _runner.Remove();
            return _reader.Ended();
        });
        try
        {
            await card.ResetAsync(cancel);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // It is gone, or mute: as after any removal its reader tells what comes next.
            return;
        }

        lock (_gate)
        {
            if (_card != card) return;
            _isRelaying = _link.Relay(RelayState.On(card.Atr));
            if (_isRelaying) _relayLimit.Change(_options.LongestRelay, Timeout.InfiniteTimeSpan);
        }

        ShowIdle();
        if (!_isRelaying) OpenSession(card);
    }

    /// <summary>A command of a program at the server; null where the relay is off.</summary>
    private async Task<RelayAnswer?> RelayAsync(RelayCommand command, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        string reason;
        try
        {
            ICard? card;
            lock (_gate) card = _isRelaying ? _card : null;
            if (card is null) return null;
            if (command.Reset) await card.ResetAsync(cancel);
            return new RelayAnswer(command.Number, await TransmitAsync(card, command.Apdu, cancel));
        }
        catch (Exception e) when (e is IOException or TimeoutException or WireFormatException)
        {
            reason = e.Message;
        }
        finally
        {
            _turn.Release();
        }

        await EndRelayAsync(reason);
        return null;
    }

    /// <summary>What is no command is not for the card (6700).</summary>
    private static async Task<Bytes> TransmitAsync(ICard card, Bytes apdu, CancellationToken cancel)
    {
        if (apdu.Length == 0) return Bytes.Empty;
        CommandApdu command;
        try
        {
            command = apdu.Read<CommandApdu>();
        }
        catch (WireFormatException)
        {
            return Bytes.Of(new ResponseApdu(StatusWord.WrongLength));
        }

        var answer = Bytes.Of(await card.TransmitAsync(command, cancel));
        return answer.Length <= RelayAnswer.MaxApdu
            ? answer
            : throw new WireFormatException("answer", 0, $"has {answer.Length} octets, more than a link carries");
    }

    /// <summary>The relay is over: the card forgets what was verified, and a session begins.</summary>
    private async Task EndRelayAsync(string reason)
    {
        ICard? card;
        lock (_gate)
        {
            if (!_isRelaying) return;
            _isRelaying = false;
            card = _card;
            _relayLimit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _link.Relay(RelayState.Off(reason));
        }

        ShowIdle();
        if (card is null) return;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await card.ResetAsync(CancellationToken.None);
            OpenSession(card);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // Without an answer it does nothing for anybody; its reader tells when it is out.
        }
        finally
        {
            _turn.Release();
        }
    }

    private void OpenSession(ICard card) => Report(() => _card == card ? _runner.Insert(card) : null);

    /// <summary>Whoever ended it does not wait for the card.</summary>
    private void EndRelay(string reason) => _ = EndRelayAsync(reason);
}

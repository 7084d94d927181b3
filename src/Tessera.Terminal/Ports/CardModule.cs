using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Terminal.Ports;

/// <summary>
/// The additional card reader of a terminal, its number 0: scripts have power put on the card in it and speak to it
/// (ETSI TS 102 223 §6.4.17 to §6.4.20). One command at a time.
/// </summary>
/// <param name="reader">Where the card is; the caller disposes it.</param>
/// <param name="limit">For the card to answer one command.</param>
internal sealed class CardModule(ICardReader reader, TimeSpan limit, TimeProvider time) : IAsyncDisposable
{
    private const int Number = 0;

    /// <summary>A card that is in, and only being powered, is waited for.</summary>
    private static readonly TimeSpan Insertion = TimeSpan.FromSeconds(0.5);

    private readonly CancellationTokenSource _stopping = new();
    private Task<ICard>? _inserting;
    private ICard? _card;
    private bool _isPowered;

    /// <summary>Performs a command for the reader or about it; what fails is said in the response.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancel"/> only.</exception>
    public async Task<TerminalResponse> PerformAsync(ProactiveCommand command, CancellationToken cancel)
    {
        if (command.ReaderOf() is { } number and not Number)
            return AdditionalReader.Failed(command, ReaderProblem.UnknownReader);
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var card = await CardAsync(cancel);
            return command.Type switch
            {
                CommandType.GetReaderStatus => AdditionalReader.Reports(
                    command, CardReaderStatus.Of(Number, card is not null, _isPowered)),
                _ when card is null => AdditionalReader.Failed(command, ReaderProblem.NoCard),
                CommandType.PowerOnCard => await PowerOnAsync(command, card, either.Token),
                CommandType.PowerOffCard => await PowerOffAsync(command, card, either.Token),
                _ when !_isPowered => AdditionalReader.Failed(command, ReaderProblem.CardPoweredOff),
                _ => await TransmitAsync(command, card, either),
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return AdditionalReader.Failed(command, WhyMute());
        }
        catch (Exception e) when (e is IOException or TimeoutException or WireFormatException)
        {
            return AdditionalReader.Failed(command, Why(e));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_inserting is { } inserting)
        {
            await ((Task)inserting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (inserting.IsCompletedSuccessfully) _card = await inserting;
        }

        if (_card is not null) await _card.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>The card that is in; null where there is none.</summary>
    private async Task<ICard?> CardAsync(CancellationToken cancel)
    {
        if (_card is { Removed.IsCompleted: true } pulled)
        {
            (_card, _isPowered) = (null, false);
            await pulled.DisposeAsync();
        }

        if (_card is not null) return _card;
        var inserting = _inserting ??= reader.InsertedAsync(_stopping.Token);
        if (!inserting.IsCompleted)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await Task.WhenAny(inserting, Task.Delay(Insertion, time, enough.Token));
            await enough.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            if (!inserting.IsCompleted) return null;
        }

        _inserting = null;
        return _card = await inserting;
    }

    private async Task<TerminalResponse> PowerOnAsync(ProactiveCommand command, ICard card, CancellationToken cancel)
    {
        _isPowered = false;
        await card.ResetAsync(cancel);
        _isPowered = true;
        return AdditionalReader.PoweredOn(command, card.Atr);
    }

    /// <summary>What was volatile on the card is gone, and no command reaches it before power is on again.</summary>
    private async Task<TerminalResponse> PowerOffAsync(ProactiveCommand command, ICard card, CancellationToken cancel)
    {
        _isPowered = false;
        await card.ResetAsync(cancel);
        return TerminalResponse.To(command, GeneralResult.Success);
    }

    /// <summary>A card whose answer was not heard gets no other command before power is put on it again.</summary>
    private async Task<TerminalResponse> TransmitAsync(
        ProactiveCommand command, ICard card, CancellationTokenSource either)
    {
        if (command.CardCommand() is not { } apdu)
            return AdditionalReader.Failed(command, ReaderProblem.CommandFormat);
        _isPowered = false;
        var answering = new CardChannel(card).TransmitAsync(apdu, either.Token).AsTask();
        if (await Task.WhenAny(answering, card.Removed) != answering) await either.CancelAsync();
        var answer = await answering;
        _isPowered = true;
        return AdditionalReader.Answered(command, answer);
    }

    private ReaderProblem Why(Exception failure) => failure switch
    {
        _ when _card is null => ReaderProblem.NoReader,
        ConnectionLostException => ReaderProblem.NoCard,
        IOException => ReaderProblem.Transmission,
        WireFormatException => ReaderProblem.Protocol,
        _ => WhyMute(),
    };

    private ReaderProblem WhyMute() => _card switch
    {
        null => ReaderProblem.NoReader,
        { Removed.IsCompleted: true } => ReaderProblem.NoCard,
        _ => ReaderProblem.MuteCard,
    };
}

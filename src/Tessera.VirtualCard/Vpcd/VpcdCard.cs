using System.Net;
using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>How a card stays in a virtual reader.</summary>
public sealed record VpcdCardOptions
{
    /// <summary>The card is inserted again when the reader is not there, or went away. Default no.</summary>
    public bool Reconnects { get; init; }

    /// <summary>Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called each time the card is in the reader.</summary>
    public Action? OnInserted { get; init; }

    /// <summary>Told what the reader asks and the card answers; null for nobody.</summary>
    public CardTrace? Trace { get; init; }

    /// <summary>Called with the reason each time the card has no reader and will try again.</summary>
    public Action<ConnectionLostException>? OnLost { get; init; }
}

/// <summary>The card's side of vpcd: connecting is the insertion, ending the connection the removal.</summary>
public static class VpcdCard
{
    public const int DefaultPort = 35963;

    /// <summary>Inserts the card and answers the reader until it goes away; cancelling pulls the card.</summary>
    /// <param name="reader">Where pcscd with vpcd, or a <see cref="VpcdSlot"/>, listens.</param>
    /// <param name="card">Stays the caller's; without power at the end.</param>
    /// <exception cref="ConnectionLostException">The reader is not there or broke off.</exception>
    /// <exception cref="WireFormatException">What listens there is no virtual reader.</exception>
    /// <exception cref="IOException">The medium of the card's image failed.</exception>
    public static async Task RunAsync(EndPoint reader, CardOs card, VpcdCardOptions? options, CancellationToken cancel)
    {
        options ??= new VpcdCardOptions();
        while (true)
        {
            try
            {
                using var connection = await VpcdConnection.ConnectAsync(reader, cancel);
                options.OnInserted?.Invoke();
                await AnswerAsync(connection, card, options.Trace, cancel);
                if (!options.Reconnects) return;
                options.OnLost?.Invoke(new ConnectionLostException("The reader went away."));
            }
            catch (ConnectionLostException reason) when (options.Reconnects)
            {
                options.OnLost?.Invoke(reason);
            }
            finally
            {
                card.PowerOff();
            }

            await Task.Delay(options.RetryDelay, options.Time, cancel);
        }
    }

    private static async Task AnswerAsync(
        VpcdConnection connection, CardOs card, CardTrace? trace, CancellationToken cancel)
    {
        while (await connection.ReceiveAsync(cancel) is { } message)
        {
            if (Answer(card, message, trace) is { } answer) await connection.SendAsync(new VpcdFrame(answer), cancel);
        }
    }

    private static Bytes? Answer(CardOs card, VpcdFrame message, CardTrace? trace)
    {
        switch (message.Control)
        {
            case VpcdControl.PowerOff:
                card.PowerOff();
                return null;
            case VpcdControl.PowerOn or VpcdControl.Reset:
                card.Reset();
                trace?.Reset(card.Atr);
                return null;
            case VpcdControl.GetAtr:
                return card.Atr;
            case { } unknown:
                throw new WireFormatException("control", VpcdFrame.HeaderLength, $"{(byte)unknown:X2} is none");
            case null:
                var answer = Transmit(card, message.Content, trace);
                message.Content.Erase();
                return answer;
        }
    }

    /// <summary>What is no C-APDU is answered too, and has no words.</summary>
    private static Bytes Transmit(CardOs card, Bytes octets, CardTrace? trace)
    {
        if (trace is null || !CardOs.TryRead(octets.Span, out var command)) return card.Transmit(octets.Span);
        var begun = trace.Begin();
        var answer = card.Transmit(octets.Span);
        trace.End(begun, command, answer.Read<ResponseApdu>());
        command.Data.Erase();
        return answer;
    }
}

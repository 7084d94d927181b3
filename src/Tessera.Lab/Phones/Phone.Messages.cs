using System.Globalization;
using Tessera.Cards;
using Tessera.Lab.Phones.Air;
using Tessera.Lab.Phones.Messages;
using Tessera.Lab.Phones.Screens;
using Tessera.Lab.Phones.Sim;
using Tessera.Sms.Messages;
using Tessera.Sms.Parts;
using Tessera.Wire;

namespace Tessera.Lab.Phones;

/// <summary>Short messages: what comes from the network, and what the holder sends.</summary>
internal sealed partial class Phone
{
    private bool _wasFull;

    /// <summary>Takes a message from the network.</summary>
    /// <returns>What the network hears: a report with a failure goes as RP-ERROR.</returns>
    public async Task<SmsDeliverReport> ReceiveAsync(Tpdu message)
    {
        if (message is SmsStatusReport status)
        {
            Log.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"Message {status.Reference} to {status.Recipient}: status {status.Status:X2}."));
            return new SmsDeliverReport();
        }

        if (message is not SmsDeliver deliver) return new SmsDeliverReport(FailureCause.TpduNotSupported);
        Radio.Received();
        if (deliver.IsForCard && Toolkit is not null && Contents?.Has(SimService.DataDownloadBySmsPp) == true)
            return await DownloadAsync(deliver);
        if (deliver.Protocol == ProtocolIdentifier.TypeZero) return new SmsDeliverReport();
        if (deliver.Coding.Class == 0) return Flash(deliver);
        return deliver.Coding.Class == 2 || Options.StoresOnSim
            ? await StoreOnSimAsync(deliver)
            : Keep(deliver);
    }

    /// <summary>Sends a text in as many messages as it takes.</summary>
    public Task SendTextAsync(string to, string text)
    {
        try
        {
            var coding = Segmenter.CodingOf(text);
            var destination = Address.Parse(to);
            var parts = Segmenter.Text(text, coding.Alphabet, Radio.NextReference())
                .Select(part => new SmsSubmit(
                    Radio.NextReference(), destination, ProtocolIdentifier.Plain, coding, part));
            var sending = new TextScreen("Sending…");
            Display.Show(sending);
            SendAll([.. parts], outcome =>
            {
                var told = outcome.End == SendEnd.Taken ? "Message sent" : $"Not sent: {outcome}";
                if (Display.Top == sending) Display.Replace(new TextScreen(told, Display.BackAsync, Display.BackAsync));
                return Task.CompletedTask;
            });
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            Tell("No such number, or too long a text");
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends messages one after the other; the first that is not taken ends it.</summary>
    /// <param name="done">Called in the phone's loop.</param>
    public void SendAll(IReadOnlyList<SmsSubmit> messages, Func<SendOutcome, Task> done, Address? centre = null) =>
        Later(async () =>
        {
            var outcome = default(SendOutcome);
            foreach (var message in messages)
            {
                outcome = await Radio.SendAsync(message, centre ?? ServiceCentre, Ended);
                if (outcome.End != SendEnd.Taken) break;
            }

            return () => done(outcome);
        });

    public async Task MarkReadAsync(long id)
    {
        if (Inbox.MarkRead(id) is { } message && Sim is { } sim) await sim.MarkReadAsync(message.Places, Ended);
    }

    public async Task DeleteAsync(long id)
    {
        if (Inbox.Delete(id) is { } message && Sim is { } sim) await sim.DeleteAsync(message.Places, Ended);
        if (!_wasFull) return;
        _wasFull = false;
        Later(async () =>
        {
            await Radio.MemoryAvailableAsync(Ended);
            return () => Task.CompletedTask;
        });
    }

    private Address? ServiceCentre
    {
        get
        {
            if (Contents is not { ServiceCentre.Length: > 0 } contents) return null;
            try
            {
                var reader = new ByteReader([(byte)contents.ServiceCentre.Length, .. contents.ServiceCentre.Span]);
                return Address.ReadRelay(ref reader);
            }
            catch (WireFormatException)
            {
                return null;
            }
        }
    }

    /// <summary>The SIM's answer is the report (3GPP TS 51.014 §7.1.2, TS 31.111 §7.1.1).</summary>
    private async Task<SmsDeliverReport> DownloadAsync(SmsDeliver message)
    {
        var answer = await Toolkit!.DownloadAsync(Contents!.ServiceCentre, message.ToBytes());
        return DownloadReport.Of(message.Coding, answer);
    }

    private SmsDeliverReport Flash(SmsDeliver message)
    {
        var whole = new Inbox(1).Take(message, Options.Time.GetUtcNow());
        _menu.Flash(message.Originator.ToString(), whole?.Text ?? message.UserData.ToText(message.Coding));
        return new SmsDeliverReport();
    }

    private SmsDeliverReport Keep(SmsDeliver message)
    {
        if (Inbox.IsFull)
        {
            _wasFull = true;
            return new SmsDeliverReport(FailureCause.MemoryExceeded);
        }

        Inbox.Take(message, Options.Time.GetUtcNow());
        return new SmsDeliverReport();
    }

    private async Task<SmsDeliverReport> StoreOnSimAsync(SmsDeliver message)
    {
        if (Sim is not { } sim) return new SmsDeliverReport(FailureCause.NoSimStorage);
        switch (await sim.StoreMessageAsync(message.ToBytes(), Contents?.ServiceCentre ?? Bytes.Empty, Ended))
        {
            case null:
                return message.Coding.Class == 2 ? new SmsDeliverReport(FailureCause.NoSimStorage) : Keep(message);
            case 0 when message.Coding.Class != 2:
                return Keep(message);
            case 0:
                _wasFull = true;
                return new SmsDeliverReport(FailureCause.SimStorageFull);
            case { } record:
                Inbox.Take(message, Options.Time.GetUtcNow(), record);
                return new SmsDeliverReport();
        }
    }
}

/// <summary>
/// What the network hears of a message that was for the SIM (3GPP TS 31.111 §7.1.1, TS 51.014 §7.1.2).
/// </summary>
internal static class DownloadReport
{
    public static SmsDeliverReport Of(DataCodingScheme coding, ResponseApdu answer)
    {
        FailureCause? failure = answer.Status.IsDone() ? null
            : answer.Status.Sw1 == SimStatus.Busy ? FailureCause.ToolkitBusy
            : FailureCause.DataDownloadError;
        return answer.Data.Length == 0
            ? new SmsDeliverReport(failure)
            : new SmsDeliverReport(
                failure, ProtocolIdentifier.SimDownload,
                coding.Alphabet == Alphabet.Octets ? coding : DataCodingScheme.SimDownload, new UserData(answer.Data));
    }
}

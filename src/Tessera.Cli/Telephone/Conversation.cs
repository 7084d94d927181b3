using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;

namespace Tessera.Cli;

/// <summary>One call with its sound: a line of JSON for each event, and a file of what was heard.</summary>
internal sealed class Conversation(SipCall call, RtpPort port, RtpPacer pacer, CallSound sound, string? record)
{
    /// <summary>Lives through the call.</summary>
    /// <returns>How it ended.</returns>
    public async Task<CallEnd> RunAsync(CancellationToken cancel)
    {
        RtpCall? media = null;
        try
        {
            await foreach (var happened in call.Events.ReadAllAsync(cancel))
            {
                if (happened is CallEvent.Answered { Audio: var audio })
                    media = pacer.Start(port, new RtpSession(audio, new RtpOptions()), sound.Exchange);
                else if (happened is CallEvent.AudioChanged { Audio: var changed })
                    media?.Session.Agree(changed);
                Print(happened);
            }
        }
        finally
        {
            if (media is not null) await media.DisposeAsync();
            else port.Dispose();
        }

        if (record is not null) await Wav.SaveAsync(record, sound.Heard, cancel);
        return await call.Ended;
    }

    private void Print(CallEvent happened)
    {
        var id = call.Invite.CallId;
        switch (happened)
        {
            case CallEvent.Progress { Status: var status }:
                Verb.PrintJson(new { Event = "progress", Call = id, Status = (int)status });
                break;
            case CallEvent.Answered { Audio: var audio }:
                PrintAudio("answered", id, audio);
                break;
            case CallEvent.AudioChanged { Audio: var audio }:
                PrintAudio("audioChanged", id, audio);
                break;
            case CallEvent.Ended { End: var end }:
                Verb.PrintJson(new { Event = "ended", Call = id, end.Reason, Status = (int?)end.Status, end.Text });
                break;
            default:
                break;
        }
    }

    private static void PrintAudio(string name, string id, AudioAgreement audio) => Verb.PrintJson(new
    {
        Event = name, Call = id, Remote = audio.Remote.ToString(), audio.Codec, audio.MaySend, audio.MayReceive,
    });
}

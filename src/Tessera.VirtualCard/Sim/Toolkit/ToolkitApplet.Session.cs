using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Sms.Messages;
using Tessera.Sms.Parts;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>This half opens sessions and runs scripts (docs/protocols/sms.md §3 to §6).</summary>
internal sealed partial class ToolkitApplet
{
    private const byte CommandScriptTag = 0xAA;
    private const int MaxPacket = 9000;

    private Outbox _outbox = null!;
    private Reassembler _parts = null!;
    private ScriptGate _gate = null!;
    private (ScriptInterpreter Interpreter, Admitted Admitted)? _script;

    /// <summary>The purse waits for a MOVE.</summary>
    private bool _initialized;

    /// <summary>Whose session it is: place of its item in the menu, from 1; 0 where none is open.</summary>
    private byte _application;

    /// <summary>What the phone shows while messages of this session leave.</summary>
    private string _alpha = "";

    /// <summary>
    /// Digest of the profile that the opening of this session told whole, until the gateway is known to have it.
    /// </summary>
    private Bytes? _told;

    /// <summary>A card has no clock: silence ends a session at the server.</summary>
    private static DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    private void ForgetSession()
    {
        _script?.Interpreter.Dispose();
        (_script, _initialized, _application, _alpha, _told) = (null, false, 0, Menu.Menu.Title, null);
        _gate = new ScriptGate(_journal);
    }

    /// <summary>The holder took an item: opens a session for its application.</summary>
    private bool TryOpen(Sequence<ComprehensionTlv> objects)
    {
        if (objects.Find(ObjectTag.ItemIdentifier) is not { Length: 1 } identifier ||
            Menu.Menu.Items.ElementAtOrDefault(identifier.Span[0] - 1) is not { } item)
            return false;

        _outbox.Resume();
        if (objects.Find(ObjectTag.HelpRequest) is not null) return true;
        if (item.Application.Length > 0) Open(identifier.Span[0], item, login: null);
        else AskLogin(login => Open(identifier.Span[0], item, login));
        return true;
    }

    private void Open(byte place, SimMenuItem item, LoginPair? login)
    {
        (_application, _alpha) = (place, item.Text);
        _outbox.PutOpening(Bytes.Of(MakeOpening(_gate.Open(Now), item.Application, login)), item.Text);
    }

    private Opening MakeOpening(ushort session, string application, LoginPair? login)
    {
        _channel.Call(StoreCommands.Select);
        var fields = FieldVersion.ReadList(_channel.Call(StoreCommands.List).Data)
            .Select(field => new OpeningField(field.Field, field.Version)).ToSequence();
        _channel.Call(PurseCommands.Select);
        var s1 = _channel.Call(PurseCommands.Initialize(Opening.Nonce));
        _initialized = s1.Status.IsSuccess;

        var profile = OpeningProfile.Whole(_phone!.Octets.Span);
        var opening = new Opening(
            session, _initialized ? s1.Data.Read<PurseState>() : null, profile, fields, application)
        {
            Lists = _lists.Of(_application).ToSequence(),
            Login = login,
        };
        var byDigest = opening with { Profile = profile.ToDigest() };
        var isKnown = byDigest.Profile.Octets == Bytes.CopyOf(_memory.Read(CellId.KnownProfile));
        if (isKnown && Messages(byDigest) < Messages(opening)) return WithoutExtraMessage(byDigest);

        _told = byDigest.Profile.Octets;
        if (!isKnown) RememberProfile(Bytes.Empty);
        return WithoutExtraMessage(opening);
    }

    /// <summary>As many of the lists as cost no other message, those that will be there longest.</summary>
    private static Opening WithoutExtraMessage(Opening opening)
    {
        var least = Messages(opening with { Lists = [] });
        var told = opening;
        while (Messages(told) > least) told = told with { Lists = told.Lists.Skip(1).ToSequence() };
        return told;
    }

    private static int Messages(Opening opening) => PacketDesk.MessagesFor(Bytes.Of(opening).Length);

    /// <summary>A part of a packet, or all of it. What is not right leaves no trace and gets no answer.</summary>
    private void Download(Sequence<ComprehensionTlv> objects)
    {
        if (ReadDeliver(objects) is not { } deliver) return;
        var whole = _parts.Take(deliver.Originator, deliver.Coding, deliver.UserData, Now);
        if (whole is not { Header.Elements: [{ Id: InformationElement.CommandPacket, Value.Length: 0 }] }) return;
        if (_desk.Take(whole.Content.Span) is not { Length: > 0 } data) return;
        if (data.Span[0] == CommandScriptTag) Admit(data);
        else Connect(data);
    }

    private static SmsDeliver? ReadDeliver(Sequence<ComprehensionTlv> objects)
    {
        try
        {
            return objects.Find(ObjectTag.SmsTpdu) is { } octets && octets.Read<SmsDeliver>() is { } deliver &&
                deliver.Protocol == ProtocolIdentifier.SimDownload && deliver.Coding == DataCodingScheme.SimDownload
                ? deliver
                : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private void Admit(Bytes script)
    {
        switch (_gate.Admit(script, Now))
        {
            case Answered answered:
                _outbox.PutAnswer(answered.Answer, _alpha);
                break;
            case Admitted admitted:
                if (_told is { } told) RememberProfile(told);
                _told = null;
                _outbox.DropOpening();
                Run(admitted);
                break;
        }
    }

    private void Run(Admitted admitted)
    {
        var purse = _channel.Call(PurseCommands.Select).Data.Read<ApplicationTemplate>();
        var interpreter = new ScriptInterpreter(
            admitted.Script,
            TerminalRules.ForSim(Bytes.Of(_card), _phone!) with
            {
                CachedList = list => _lists.Find(_application, list),
            },
            CardSituation.Sim(purse.Purse!.Currency, _initialized));
        _script = (interpreter, admitted);
        Step(null);
    }

    /// <summary>Goes on until the phone has something to do, or the script is over.</summary>
    private void Step(StepOutcome? outcome)
    {
        var (interpreter, admitted) = _script!.Value;
        while (true)
        {
            switch (interpreter.Next(outcome))
            {
                case Transmit transmit:
                    outcome = new CardAnswered(_channel.Call(transmit.Command));
                    break;
                case Perform perform:
                    Issue(perform.Command, response => Step(OutcomeOf(perform, response)));
                    return;
                case Done done:
                    Finish(admitted, done);
                    return;
            }
        }
    }

    /// <summary>What the script told to keep is durable before the answer, the answer before it is sent.</summary>
    private void Finish(Admitted admitted, Done done)
    {
        _script?.Interpreter.Dispose();
        (_script, _initialized) = (null, done.InitializeInForce);
        _lists.Keep(_application, done.Lists);
        _outbox.PutAnswer(_gate.Finish(admitted, done.Answer, Now), _alpha);
    }

    private static StepOutcome OutcomeOf(Perform perform, TerminalResponse response) =>
        perform.Prompt is { IsHidden: true } && response.Result.IsDone()
            ? HiddenEntry.Of(response)
            : new HolderAnswered(response);

    private void RememberProfile(Bytes digest)
    {
        if (digest == Bytes.CopyOf(_memory.Read(CellId.KnownProfile))) return;
        using var change = _memory.Begin();
        change.Write(CellId.KnownProfile, digest.Span);
        change.Commit();
    }
}

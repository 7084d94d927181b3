using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>
/// A way to the applets of a card with a selection, a security status, a chain and a waiting answer of its own
/// (ISO/IEC 7816-4 §5.4.1): the contacts have four, the toolkit applet of a SIM another.
/// </summary>
internal sealed class AppletChannel(int number, CardPrograms programs)
{
    private const byte Select = 0xA4;
    private const byte Verify = 0x20;
    private const byte ChangeReferenceData = 0x24;
    private const byte ResetRetryCounter = 0x2C;
    private const byte GetResponse = 0xC0;
    private const byte GetData = 0xCA;
    private const byte ByName = 0x04;
    private const byte Next = 0x02;
    private const byte WithoutAnswer = 0x0C;
    private const byte Warning = 0x62;
    private const byte CommandWaits = 0x91;
    private const ushort CardIdTag = 0x00C1;

    private readonly CommandChain _chain = new();
    private readonly PendingAnswer _pending = new();

    /// <summary>One command of a host, which may chain its commands and fetch long answers in parts.</summary>
    /// <param name="command">Without the number of a channel in its CLA.</param>
    public ResponseApdu Execute(ref CommandApdu command)
    {
        programs.Current.Number = number;
        if (IsRefusedSecurity(command)) return Refuse(OsStatus.SecureMessagingNotSupported);
        if (command is { Ins: GetResponse, IsChained: false }) return Continue(command);

        _pending.Drop();
        if (_chain.Take(ref command) is { } ofBlock) return new ResponseApdu(ofBlock);

        var answer = Dispatch(command);
        var le = command.Le ?? (programs.Selected is { AnswersWithoutLe: true } ? CommandApdu.MaxShortLe : null);
        return _pending.Take(answer, le);
    }

    /// <summary>One whole command of a program on the card, answered whole.</summary>
    public ResponseApdu Call(CommandApdu command)
    {
        var before = programs.Current.Number;
        programs.Current.Number = number;
        var answer =
            LogicalChannels.RefuseClass(command.Cla) is { } refused ? new ResponseApdu(refused)
            : LogicalChannels.NumberIn(command.Cla) != 0 ? new ResponseApdu(OsStatus.LogicalChannelNotSupported)
            : IsRefusedSecurity(command) ? new ResponseApdu(OsStatus.SecureMessagingNotSupported)
            : Dispatch(command);
        programs.Current.Number = before;
        return answer;
    }

    /// <summary>An answer of the operating system itself, which ends a chain as any other command does.</summary>
    public ResponseApdu Answer(ResponseApdu answer, int? le)
    {
        _chain.Drop();
        return _pending.Take(answer, le);
    }

    /// <summary>What is no command for this card still ends a chain and the waiting of an answer.</summary>
    public ResponseApdu Refuse(StatusWord status)
    {
        Forget();
        return new ResponseApdu(status);
    }

    /// <summary>The channel is closed; nothing stays of it.</summary>
    public void Close()
    {
        programs.Current.Number = number;
        programs.Close();
        Forget();
    }

    /// <summary>Chain and waiting answer are gone.</summary>
    public void Forget()
    {
        _chain.Drop();
        _pending.Drop();
    }

    private bool IsRefusedSecurity(CommandApdu command) =>
        LogicalChannels.IsSecured(command.Cla) && programs.Selected is not { TakesSecureMessaging: true };

    private ResponseApdu Dispatch(CommandApdu command)
    {
        if (programs.IsTerminated) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);
        if (command is { Cla: 0x00, Ins: Select })
            return command.P1 == ByName ? SelectByName(command) : SelectFile(command);
        return programs.Selected is { } applet
            ? applet.UsesCardServices ? Serve(applet, command) : applet.Process(command)
            : OfCard(command) ?? new ResponseApdu(StatusWord.InstructionNotSupported);
    }

    private ResponseApdu Serve(IApplet applet, CommandApdu command) => command switch
    {
        { Cla: 0x00, Ins: Verify or ChangeReferenceData or ResetRetryCounter } =>
            new ResponseApdu(programs.Pin.Process(command)),
        { Cla: 0x00, Ins: FingerCommands.Verify } => new ResponseApdu(programs.Finger.Process(command)),
        _ => OfCard(command) ?? applet.Process(command),
    };

    private ResponseApdu? OfCard(CommandApdu command) =>
        command is { Cla: 0x00, Ins: GetData, P1: CardIdTag >> 8, P2: CardIdTag & 0xFF }
            ? new ResponseApdu(Bytes.Of(programs.Id), StatusWord.Success)
            : null;

    private ResponseApdu Continue(CommandApdu command)
    {
        _chain.Drop();
        return command switch
        {
            { Data.Length: not 0 } or { Le: null } => new ResponseApdu(StatusWord.WrongLength),
            { P1: not 0 } or { P2: not 0 } => new ResponseApdu(StatusWord.IncorrectP1P2),
            _ when _pending.IsEmpty => new ResponseApdu(StatusWord.ConditionsNotSatisfied),
            { Le: { } le } => _pending.Next(le),
        };
    }

    private ResponseApdu SelectFile(CommandApdu command) =>
        programs.Files is { } files
            ? Selected(files, files.Select(command))
            : new ResponseApdu(StatusWord.IncorrectP1P2);

    /// <summary>
    /// By AID or name of a directory, whole or its first octets: the first that has it, or the next after what is
    /// selected. Where none has it, what was selected before stays selected.
    /// </summary>
    private ResponseApdu SelectByName(CommandApdu command)
    {
        if ((command.P2 & ~(Next | WithoutAnswer)) != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);

        var found = (command.P2 & Next) != 0 ? NextNamed(command.Data) : FirstNamed(command.Data);
        if (found is not (var foundName, var applet)) return new ResponseApdu(StatusWord.FileNotFound);

        if (applet == programs.Files) return Selected(applet, programs.Files.Select(foundName, command.P2));
        var template = command.P2 & WithoutAnswer;
        if (template is not (0 or WithoutAnswer)) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (!programs.TrySelect(applet)) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);
        return new ResponseApdu(template == WithoutAnswer ? Bytes.Empty : applet.Select(), StatusWord.Success);
    }

    /// <summary>The files have answered a SELECT: unless that is an error, they are what is selected.</summary>
    private ResponseApdu Selected(IApplet files, ResponseApdu answer)
    {
        if (answer.Status.IsSuccess || answer.Status.Sw1 is Warning or CommandWaits) programs.TrySelect(files);
        return answer;
    }

    /// <summary>The one of just that name, else the first whose name begins so.</summary>
    private (Bytes Name, IApplet Applet)? FirstNamed(Bytes name)
    {
        (Bytes Name, IApplet Applet)? first = null;
        foreach (var each in Named())
        {
            if (each.Name == name) return each;
            if (each.Name.Span.StartsWith(name.Span)) first ??= each;
        }

        return first;
    }

    /// <summary>The first whose name begins so after what is selected, or of all where nothing of them is.</summary>
    private (Bytes Name, IApplet Applet)? NextNamed(Bytes name)
    {
        (Bytes Name, IApplet Applet)? first = null;
        var isPast = false;
        foreach (var each in Named())
        {
            var isNamed = each.Name.Span.StartsWith(name.Span);
            if (isNamed && isPast) return each;
            if (isNamed) first ??= each;
            isPast |= IsSelected(each);
        }

        return isPast ? null : first;
    }

    private IEnumerable<(Bytes Name, IApplet Applet)> Named()
    {
        foreach (var applet in programs.Applets) yield return (applet.Aid, applet);
        if (programs.Files is not { } files) yield break;
        foreach (var name in files.Names) yield return (name, files);
    }

    private bool IsSelected((Bytes Name, IApplet Applet) each) =>
        each.Applet == programs.Selected && (each.Applet != programs.Files || programs.Files.IsIn(each.Name));
}

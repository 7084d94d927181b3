using Tessera.Cards;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>
/// An applet with a secure channel in front of it: it sees commands as they were meant, and says its answers plain.
/// </summary>
/// <remarks>It is selected on one logical channel at a time, and a session lasts as long as the selection.</remarks>
internal sealed class SecuredApplet(IApplet applet, SecureChannelEnd end) : IApplet
{
    public Bytes Aid => applet.Aid;

    /// <summary>What the operating system would answer by itself could not be secured.</summary>
    public bool UsesCardServices => false;

    public bool TakesSecureMessaging => true;

    public Bytes Select()
    {
        end.End();
        return applet.Select();
    }

    public ResponseApdu Process(CommandApdu command)
    {
        switch (command)
        {
            case { Cla: 0x80, Ins: SecureChannelEnd.InitializeUpdateIns }:
                return end.InitializeUpdate(command);
            case { Cla: 0x84, Ins: SecureChannelEnd.ExternalAuthenticateIns }:
                return new ResponseApdu(end.ExternalAuthenticate(command));
        }

        if (end.Unwrap(ref command) is { } refused) return new ResponseApdu(refused);
        try
        {
            return end.Wrap(applet.Process(command));
        }
        finally
        {
            command.Data.Erase();
        }
    }

    public void Deselect()
    {
        end.End();
        applet.Deselect();
    }

    public void Forget()
    {
        end.End();
        applet.Forget();
    }
}

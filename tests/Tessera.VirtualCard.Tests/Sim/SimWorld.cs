using Tessera.Cards.Purse;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>A SIM with 50.00 in a phone that is on, and its gateway.</summary>
internal sealed class SimWorld : IDisposable
{
    public SimWorld() : this(Shop.LoadedImage()) { }

    public SimWorld(byte[] image, bool isUicc = false) : this(
        TestCard.Open(image, new SeededRandom(1)), new Gateway(), isUicc) => Phone.SwitchOn();

    /// <summary>A phone that is off.</summary>
    public SimWorld(TestCard sim, Gateway gateway, bool isUicc = false)
    {
        (Sim, Gateway) = (sim, gateway);
        Phone = new ScriptedPhone(Sim.Os, Gateway)
        {
            Holder = Shop.Holder(1, DemonstrationKeys.Pin), IsUicc = isUicc,
        };
    }

    public TestCard Sim { get; }

    public Gateway Gateway { get; }

    public ScriptedPhone Phone { get; }

    /// <summary>As the card tells it on its contacts.</summary>
    public PurseBalance Balance
    {
        get
        {
            Sim.Send(PurseCommands.Select);
            return Sim.Send(PurseCommands.Balance).Data.Read<PurseBalance>();
        }
    }

    public Opening Open()
    {
        Phone.Choose(1);
        return Gateway.LastOpening;
    }

    /// <summary>Sends a script in a packet of its own.</summary>
    /// <returns>The status of each ENVELOPE.</returns>
    public IReadOnlyList<string> Send(Bytes script) => Phone.Deliver(Gateway.Envelopes(Gateway.Wrap(script)));

    /// <summary>A script that shows a text and nothing else.</summary>
    public static Bytes Showing(ushort session, byte number, string text = "Hello") => Bytes.Of(new ScriptBuilder()
        .Perform(Toolkit.Commands.ProactiveCommand.DisplayText(text)).Build(session, number));

    public void Dispose()
    {
        Sim.Dispose();
        Gateway.Dispose();
    }
}

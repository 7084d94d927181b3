using System.Security.Cryptography;
using System.Text;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Toolkit;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Tests.Support;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>Demonstration SIMs.</summary>
internal static class TestSim
{
    public static string Profile { get; } = TerminalProfile.Phone.Octets.ToString();

    public static TestCard Demonstration(RandomNumberGenerator? random = null) =>
        TestCard.Open(NewImage(), random);

    public static byte[] NewImage() => TestCard.NewImage(Personalisation.DemonstrationSim(TestCard.Id));

    /// <summary>A SIM whose phone must ask for CHV1 1234.</summary>
    public static TestCard AskingChv1() => Known(null, asksChv1: true);

    /// <summary>The same, known to a network.</summary>
    public static TestCard AskingChv1WithNetwork() => Known(DemonstrationKeys.CreateSubscriber(), asksChv1: true);

    /// <summary>A SIM as it was made before there were CHV2 and administrative code.</summary>
    public static TestCard WithoutSecondChv() => Known(null, hasSecondChv: false);

    /// <summary>A SIM with that key.</summary>
    public static TestCard Known(SubscriberKey? subscriber, bool asksChv1 = false, bool hasSecondChv = true)
    {
        using var masters = DemonstrationKeys.Create();
        return TestCard.Open(TestCard.NewImage(new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(masters, TestCard.Id),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
            Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
            Sim = new SimPersonalisation
            {
                Subscription = SimSubscription.Demonstration,
                Keys = OtaKeys.Of(masters, TestCard.Id),
                Subscriber = subscriber,
                Chv2 = hasSecondChv ? DemonstrationKeys.Chv2 : null,
                Administrator = hasSecondChv ? PinBlock.OfPuk(DemonstrationKeys.Administrator) : null,
                AsksChv1 = asksChv1,
            },
        }));
    }

    /// <summary>A path of SELECTs; the last one's status.</summary>
    public static string Select(this TestCard sim, params string[] ids)
    {
        var status = "";
        foreach (var id in ids) status = sim.Send($"A0A4000002{id}");
        return status;
    }

    /// <summary>A command of class 00 or 80, again with the right Le, and GET RESPONSE where the answer waits.</summary>
    public static string Ask(this TestCard sim, string command)
    {
        var answer = sim.Send(command);
        if (answer.StartsWith("6C", StringComparison.Ordinal)) answer = sim.Send(command[..^2] + answer[^2..]);
        return answer[^4..^2] is "61" ? answer[..^4] + sim.Send($"00C00000{answer[^2..]}") : answer;
    }

    /// <summary>Digits as 8 octets of ASCII padded FF, in hexadecimal.</summary>
    public static string Chv(string digits) =>
        Convert.ToHexString(Encoding.ASCII.GetBytes(digits)).PadRight(16, 'F');
}

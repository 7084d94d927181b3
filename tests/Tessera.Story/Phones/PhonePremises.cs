using Tessera.Cards;
using Tessera.Gateway;
using Tessera.Platform.Money;

namespace Tessera.Story.Phones;

/// <summary>What outlives a server in a story on the phone.</summary>
internal sealed record PhonePremises(
    string Folder, MasterKeys Masters, PurseKeyring Keys, TimeProvider Time, Scissors Scissors, Recorder Recorder, TcpTap Air,
    TcpTap Smpp, Action<SmsTraffic> Took)
{
    public string DatabasePath => Path.Combine(Folder, "tessera.db");
}

using System.Text.Json.Serialization;
using Tessera.Lab.Phones.Air;
using Tessera.Lab.Phones.Log;

namespace Tessera.Lab.Phones.Page;

/// <summary>What a page or a program sees of the phone: the phone itself, its air and its SIM tray.</summary>
/// <param name="Air">The switches of the air; null where the phone has no network.</param>
/// <param name="Tray">The switches of the SIM; null where nobody's hand is at the slot.</param>
public sealed record PhoneSight(HandsetState Phone, AirFaults? Air, TrayState? Tray, long LogNewest);

/// <summary>A text from a keyboard.</summary>
internal sealed record TypeRequest(string Text);

/// <summary>A message the holder writes.</summary>
internal sealed record SendRequest(string To, string Text);

/// <summary>A switch of the lab.</summary>
/// <param name="Fault">
/// <c>signal lose loseAnswers double reorder hold release clear cut remove insert</c>.
/// </param>
/// <param name="Direction">Which messages, for those of the air.</param>
/// <param name="Count">How many, or writes until the cut; for signal 0 or 1.</param>
internal sealed record FaultRequest(string Fault, AirDirection Direction = AirDirection.Down, int Count = 1);

/// <summary>How the page's values are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PhoneSight))]
[JsonSerializable(typeof(IReadOnlyList<LogEntry>))]
[JsonSerializable(typeof(TypeRequest))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(FaultRequest))]
internal sealed partial class PhoneJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using Tessera.Lab.Houses.Devices;
using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Houses.Telephones;

namespace Tessera.Lab.Houses.Page;

/// <summary>What a page or a program sees of a house.</summary>
/// <param name="Number">Of its line.</param>
/// <param name="Notes">What stands on the note beside the telephone.</param>
/// <param name="Device">Null where there is none.</param>
public sealed record HouseSight(
    string Number, IReadOnlyList<NotedNumber> Notes, TelephoneState Telephone, DeviceState? Device,
    LineSight Line);

/// <summary>How the page's values are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HouseSight))]
[JsonSerializable(typeof(LineFaults))]
internal sealed partial class HouseJson : JsonSerializerContext;

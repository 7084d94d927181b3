using System.Text.Json;
using System.Text.Json.Serialization;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>Octets in JSON as hexadecimal digits.</summary>
internal sealed class BytesConverter : JsonConverter<Bytes>
{
    public override Bytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Bytes.FromHex(reader.GetString());

    public override void Write(Utf8JsonWriter writer, Bytes value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

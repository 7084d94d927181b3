using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Tessera.Gateway;

namespace Tessera.Server.Hosting;

/// <summary>Metrics and traces by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing otherwise.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private TelemetryExport()
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(Telemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(Telemetry.Name, SmsGateway.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter().Build();
    }

    public static TelemetryExport? Start(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) ? null : new TelemetryExport();

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}

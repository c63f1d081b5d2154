using Coffer.Cli.Parsing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Coffer.Cli.Output;

/// <summary>How many bytes of a transfer are done, in the units of everything else here.</summary>
internal sealed class DoneColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(TextOf(task));

    public static string TextOf(ProgressTask task) => $"{ByteSize.Format((long)task.Value)} of {ByteSize.Format((long)task.MaxValue)}";
}

/// <summary>How many bytes a second a transfer does.</summary>
internal sealed class SpeedColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(TextOf(task.Speed));

    public static string TextOf(double? speed) => speed is { } known ? $"{ByteSize.Format((long)known)}/s" : "-";
}

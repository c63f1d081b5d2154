using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.Rewriting;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Coffer.Exploration;

/// <summary>
/// A copy of an assembly in which Coyote decides at each task, lock, atomic operation and access to shared memory which thread goes on. Coyote 1.7.11 has its rewriter in the package, its options for the command line tool alone, which is not
/// served: so they are reached by reflection.
/// </summary>
internal sealed class RewrittenAssembly : AssemblyLoadContext
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private RewrittenAssembly()
        : base("rewritten")
    {
    }

    /// <summary>Rewrites an assembly that lies beside this one, and loads the copy. All that it refers to is loaded as ever.</summary>
    public static Assembly Load(string name)
    {
        var folder = Directory.CreateTempSubdirectory("coffer-exploration-").FullName;
        try
        {
            var copy = Path.Combine(folder, name + ".dll");
            Rewrite(Path.Combine(AppContext.BaseDirectory, name + ".dll"), folder);
            Mend(copy);
            using var bytes = new MemoryStream(File.ReadAllBytes(copy));
            return new RewrittenAssembly().LoadFromStream(bytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Everything but the rewritten assembly is what this program has.</summary>
    protected override Assembly? Load(AssemblyName assemblyName) => null;

    private static void Rewrite(string assembly, string folder)
    {
        var options = Path.Combine(folder, "rewrite.json");
        File.WriteAllText(options, $$"""{ "AssembliesPath": "{{Path.GetDirectoryName(assembly)}}", "OutputPath": "{{folder}}", "Assemblies": [ "{{Path.GetFileName(assembly)}}" ] }""");
        var configuration = Configuration.Create().WithTelemetryEnabled(false).WithVerbosityEnabled(VerbosityLevel.None);
        var run = typeof(RewritingEngine).GetMethods(Any).Single(static method => method is { Name: "Run", IsStatic: true });
        var kinds = run.GetParameters().Select(static parameter => parameter.ParameterType).ToList();
        var parse = kinds[0].GetMethods(Any).Single(static method => method.Name == "ParseFromJSON" && method.GetParameters().Length == 1);
        try
        {
            run.Invoke(null, [parse.Invoke(null, [options]), configuration, Activator.CreateInstance(kinds[2], Any, null, [configuration, false], null), Activator.CreateInstance(kinds[3], nonPublic: true)]);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }
    }

    private static void Mend(string path)
    {
        using var module = ModuleDefinition.ReadModule(new MemoryStream(File.ReadAllBytes(path)));
        foreach (var type in module.GetTypes())
        {
            var isShared = IsShared(type);
            foreach (var method in type.Methods.Where(static method => method.HasBody))
            {
                var code = method.Body.Instructions;
                for (var i = 0; i < code.Count; i++)
                {
                    switch ((code[i].Operand as MethodReference)?.Name)
                    {
                        case "ThrowIfReturnedValueTaskNotControlled":
                            // It takes a reference, and is given the value with its name: no program at all. It would only tell of tasks that are not controlled.
                            Remove(code[i]);
                            Remove(code[i - 1]);
                            break;
                        case "InterleaveMemoryAccess" when !isShared:
                            // To change threads at each access to what one thread alone has would hide the few places where it matters among thousands.
                            Remove(code[i]);
                            break;
                    }
                }
            }
        }
        module.Write(path);
    }

    /// <summary>
    /// Whether a type of the vault, or the one around it, has a lock, and so something that threads share. The database is used within its gate alone, by many statements; and the store stands for a server, whose inside is not looked at.
    /// </summary>
    private static bool IsShared(TypeDefinition type)
    {
        for (var outer = type; outer is not null; outer = outer.DeclaringType)
        {
            if (outer.Fields.Any(static field => field.FieldType.FullName == "System.Threading.Lock"))
                return outer.Name != "LocalDatabase" && outer.Namespace.StartsWith("Coffer.Vaults", StringComparison.Ordinal);
        }
        return false;
    }

    private static void Remove(Instruction instruction) => (instruction.OpCode, instruction.Operand) = (OpCodes.Nop, null);
}

using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>Holds what was acknowledged, and what was shown on the way, against the versions on which all devices agree in the end. What one person seals to itself, only that person's devices can tell.</summary>
internal sealed class KeptCheck(SimWorld world, IReadOnlyList<Dump> dumps)
{
    private readonly SimContext _context = world.Context;
    private readonly TeamModel _model = world.Model;

    public void Run()
    {
        CheckAcknowledged();
        CheckDeletes();
        CheckBatches();
        CheckOwnOrder();
        CheckAccepted();
        CheckTaken();
        foreach (var promise in _model.Promises.Where(promise => !_model.IsMortalName(promise.Path) && !promise.Device.Time.HasJumped))
        {
            Check(promise);
            CheckWrittenLater(promise);
        }
    }

    private IReadOnlyList<FileVersion> Versions(string name) => dumps.Select(dump => dump.Versions.GetValueOrDefault(name)).FirstOrDefault(versions => versions is not null) ?? [];

    private int Place(string path, string id)
    {
        var versions = Versions(path);
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i].Id == id)
                return i;
        }
        return -1;
    }

    /// <summary>What somebody sealed to itself, and cannot read any more in the end, nobody can tell of.</summary>
    private bool IsTold(Attempt attempt) => dumps.Any(dump => dump.Versions.ContainsKey(attempt.Name));

    private bool IsKept(Attempt attempt) => attempt.VersionId is { } id && Place(attempt.Name, id) >= 0;

    /// <summary>
    /// No acknowledged write is lost, but for those that may lie beyond their author's cut-off; and those come back when the author may write in the end, unless that took longer than the grace time.
    /// </summary>
    private void CheckAcknowledged()
    {
        foreach (var attempt in _model.Attempts.Where(one => one.Kind is AttemptKind.Write or AttemptKind.Attributes))
        {
            if (attempt.Acknowledged is not { } acknowledged || IsKept(attempt) || !IsTold(attempt) || _model.MayHaveEnded(attempt))
                continue;
            if (_model.Access.MayBeCutOff(attempt.Author.Id, acknowledged) && (!attempt.Author.MayWriteInTheEnd || _model.Access.WasOutForLong(attempt.Author)))
                _context.Counters.Add("acknowledged, and beyond a cut-off");
            else
                _context.Violation($"{attempt} was acknowledged and is lost");
        }
    }

    /// <summary>A delete has no attributes that would tell which it is, so they are counted.</summary>
    private void CheckDeletes()
    {
        foreach (var group in _model.Attempts.Where(one => one.Kind == AttemptKind.Delete && IsTold(one)).GroupBy(one => (one.Name, one.Author)))
        {
            var kept = Versions(group.Key.Name).Count(version => version.IsDelete && version.Author.Equals(group.Key.Author.Id));
            var owed = group.Count(one => one.Acknowledged is { } moment && !_model.Access.MayBeCutOff(one.Author.Id, moment));
            if ((kept < owed && !world.IsMortal) || kept > group.Count())
                _context.Violation($"{group.Key.Author.Name} has {kept} deletes of '{group.Key.Name}'; {group.Count()} were asked for, and {owed} acknowledged for good");
        }
    }

    private void CheckBatches()
    {
        foreach (var batch in _model.Attempts.Where(IsTold).GroupBy(one => one.Batch).Where(batch => batch.Count() > 1 && !batch.Any(_model.MayHaveEnded) && !batch.Any(one => _model.Access.WasOutForLong(one.Author))))
        {
            if (batch.Select(IsKept).Distinct().Count() > 1)
                _context.Violation($"A batch is there in part: {string.Join(", ", batch.Select(one => $"{one} {(IsKept(one) ? "is" : "is not")}"))}");
        }
    }

    /// <summary>What a device asked for after something was acknowledged to it comes later in the order.</summary>
    private void CheckOwnOrder()
    {
        foreach (var group in _model.Attempts.Where(IsKept).Where(one => !one.Device.Time.HasJumped && !_model.Access.MayBeCutOff(one.Author.Id)).GroupBy(one => (one.Device, one.Life, one.Name)))
        {
            foreach (var earlier in group)
            {
                foreach (var later in group.Where(one => one.Began > earlier.Acknowledged))
                {
                    if (Place(later.Name, later.VersionId!) < Place(earlier.Name, earlier.VersionId!))
                        _context.Violation($"{later} stands before {earlier}, which was acknowledged before it began");
                }
            }
        }
    }

    /// <summary>What is written after something was seen stands behind it, whatever the clocks of the two devices say.</summary>
    private void CheckWrittenLater(Promise promise)
    {
        foreach (var later in _model.Attempts.Where(one => one.Device == promise.Device && one.Life == promise.Life && one.Name == promise.Path && one.Began > promise.Moment && IsKept(one)))
        {
            var place = Place(later.Name, later.VersionId!);
            foreach (var seen in promise.Shown.Select(id => Place(promise.Path, id)).Where(seen => seen > place && IsLasting(promise.Path, seen)))
                _context.Violation($"{later} stands before version {Versions(promise.Path)[seen].Id}, which {promise.Device.Name} had shown before it began");
        }
    }

    /// <summary>
    /// What was accepted into a queue is there in the end, unless the queue was lost, or it was refused because access was taken from its author or from whom it is sealed to.
    /// </summary>
    private void CheckAccepted()
    {
        foreach (var attempt in _model.Attempts.Where(one => one is { Accepted: not null, Acknowledged: null, IsForsaken: false } && !IsKept(one) && IsTold(one) && !_model.MayHaveEnded(one)))
        {
            var mayBeRefused = _model.Access.MayBeCutOff(attempt.Author.Id) || (attempt.Seal is { } seal && _model.Access.MayBeCutOff(seal.Recipient)) || !_model.Access.WasEverAsked(attempt.Author, AccessLevel.Write);
            if (mayBeRefused)
                _context.Counters.Add("accepted, and perhaps refused");
            else
                _context.Violation($"{attempt} was accepted and is lost");
        }
    }

    /// <summary>What was begun after write access had been taken for good counts for nobody, whether its device knew of that or not; nor does what a person wrote who never had it.</summary>
    private void CheckTaken()
    {
        foreach (var person in world.Others)
        {
            var taken = _model.Access.WasEverAsked(person, AccessLevel.Write) ? _model.Access.TakenForGood(person, AccessLevel.Write) : 0;
            if (taken is not { } moment)
                continue;
            foreach (var attempt in _model.Attempts.Where(one => one.Author == person && one.Began > moment && one.Kind is (AttemptKind.Write or AttemptKind.Attributes)))
            {
                _context.Counters.Add(moment == 0 ? "tried by who could never write" : "written after access was taken for good");
                if (IsKept(attempt))
                    _context.Violation($"{attempt} counts, and its author could not write when it began");
            }
        }
    }

    /// <summary>Whether a version has had its place from the beginning: one that was cut off and written again has a later one.</summary>
    private bool IsLasting(string path, int place) => place >= 0 && !_model.Access.MayBeCutOff(Versions(path)[place].Author);

    /// <summary>Whether a version that was shown may count no more.</summary>
    private bool MayHaveGone(string name, string id) => _model.MakerOf(name, id) is { } maker ? _model.Access.MayBeCutOff(maker.Author.Id) : _model.Access.MayAnythingBeCutOff;

    private void Check(Promise promise)
    {
        if (!dumps.Any(dump => dump.Versions.ContainsKey(promise.Path)))
            return;
        var places = promise.Shown.Select(id => Place(promise.Path, id)).Where(place => place >= 0).ToList();
        var lasting = places.Where(place => IsLasting(promise.Path, place)).ToList();
        if (!lasting.SequenceEqual(lasting.Order()))
            _context.Violation($"{promise.Device.Name} showed versions of '{promise.Path}' in another order than the one in the end: {string.Join(", ", promise.Shown)}");
        if (places.Count < promise.Shown.Count)
        {
            if (promise.Shown.Any(id => Place(promise.Path, id) < 0 && !MayHaveGone(promise.Path, id)))
                _context.Violation($"{promise.Device.Name} showed a version of '{promise.Path}' that is not there in the end: {string.Join(", ", promise.Shown)}");
            return;
        }
        var own = promise.NotOlderThan.Select(id => Place(promise.Path, id)).Where(place => IsLasting(promise.Path, place)).DefaultIfEmpty(-1).Max();
        if (!promise.IsNewest || own < 0)
            return;
        var isHidden = places.Count == 0 && Versions(promise.Path).Skip(own + 1).Any(version => version.IsDelete);
        // A delete that hid it then may have been cut off since.
        var excused = places.Count == 0 && _model.Access.MayAnythingBeCutOff;
        if (places.Count == 0 ? !isHidden && !excused : places[0] < own)
            _context.Violation($"{promise.Device.Name} showed '{promise.Path}' as {(promise.Shown.Count > 0 ? promise.Shown[0] : "nothing")}, which is older than its own {Versions(promise.Path)[own].Id}");
    }
}

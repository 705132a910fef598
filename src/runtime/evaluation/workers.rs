//! The same work on every picture of a list, on several threads.

use super::EvaluationFault;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Does `work` on every picture, one thread for each of `tools`; answers in the order of the pictures. The first fault stops the others.
///
/// - `work`: gets its thread's tool, the picture's number from 1, and its path.
/// - `progress`: called by the threads after every picture.
///
/// # Errors
/// The fault of `work`, or [`EvaluationFault::WorkerLost`].
pub fn on_every_picture<W: Send, T: Send>(
    pictures: &[PathBuf],
    tools: Vec<W>,
    work: &(dyn Fn(&mut W, usize, &Path) -> Result<T, EvaluationFault> + Sync),
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<T>, EvaluationFault> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let run = |mut tool: W| {
        let mut done = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = pictures.get(index) else { break };
            match work(&mut tool, index + 1, path) {
                Ok(answer) => done.push((index, answer)),
                Err(fault) => {
                    stop.store(true, Ordering::Relaxed);
                    return Err(fault);
                }
            }
            progress();
        }
        Ok(done)
    };
    let parts: Vec<_> = std::thread::scope(|scope| {
        let run = &run;
        let start = |(number, tool)| {
            let builder = std::thread::Builder::new().name(format!("evaluation-{number}"));
            builder.spawn_scoped(scope, move || run(tool)).map_err(|_| EvaluationFault::WorkerLost)
        };
        let threads: Vec<_> = tools.into_iter().enumerate().map(start).collect();
        threads.into_iter().map(|t| t.and_then(|t| t.join().unwrap_or(Err(EvaluationFault::WorkerLost)))).collect()
    });
    let mut answers: Vec<Option<T>> = pictures.iter().map(|_| None).collect();
    for part in parts {
        for (index, answer) in part? {
            answers[index] = Some(answer);
        }
    }
    answers.into_iter().collect::<Option<Vec<_>>>().ok_or(EvaluationFault::WorkerLost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_the_order_and_a_fault_is_told() {
        let pictures: Vec<PathBuf> = (1..=40).map(|i| PathBuf::from(i.to_string())).collect();
        let name = |_: &mut (), number: usize, path: &Path| Ok((number, path.display().to_string()));
        let answers = on_every_picture(&pictures, vec![(); 3], &name, &|| {}).unwrap();
        assert!(answers.iter().enumerate().all(|(i, (number, text))| *number == i + 1 && *text == number.to_string()));
        let fault = |_: &mut (), number: usize, _: &Path| if number == 7 { Err(EvaluationFault::Nothing) } else { Ok(()) };
        assert!(matches!(on_every_picture(&pictures, vec![(); 3], &fault, &|| {}), Err(EvaluationFault::Nothing)));
    }
}
